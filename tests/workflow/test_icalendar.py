"""The calendar file, read back by the rules of RFC 5545."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from workflow.icalendar import Event, calendar, escaped, folded

AT = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)


def unfolded(file):
    """The file's lines with the folding taken back."""
    assert file.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    return file.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def test_an_event_is_a_whole_day_with_a_lasting_name_and_an_alarm_where_wanted():
    event = Event(
        "2570-IMM-D1-draft@x.example",
        date(2026, 12, 31),
        "ร่าง; บก.ตม.๑, ๒๕๗๐",
        "อยู่ที่\nสตม.",
        "https://x.example/a/",
        True,
    )
    lines = unfolded(calendar("คำรับรอง", [event], at=AT))
    assert lines[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Performance Agreements//Due dates//TH",
        "CALSCALE:GREGORIAN",
    ]
    assert lines[lines.index("BEGIN:VEVENT") :] == [
        "BEGIN:VEVENT",
        "UID:2570-IMM-D1-draft@x.example",
        "DTSTAMP:20261123T000500Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:ร่าง\\; บก.ตม.๑\\, ๒๕๗๐",
        "TRANSP:TRANSPARENT",
        "DESCRIPTION:อยู่ที่\\nสตม.",
        "URL:https://x.example/a/",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:ร่าง\\; บก.ตม.๑\\, ๒๕๗๐",
        "TRIGGER:-PT15H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_no_events_are_a_calendar_too():
    assert unfolded(calendar("คำรับรอง", [], at=AT))[-1] == "END:VCALENDAR"


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=("Cs",))))
def test_a_line_is_folded_within_75_octets_and_no_letter_is_cut(text):
    file = folded(text)
    assert all(len(line) <= 75 for line in file.removesuffix(b"\r\n").split(b"\r\n"))
    assert all(line.decode() is not None for line in file.split(b"\r\n"))
    assert file.replace(b"\r\n ", b"").decode() == text + "\r\n"


@given(st.text())
def test_a_text_stays_on_its_line_and_separates_nothing(text):
    written = escaped(text)
    assert not {"\r", "\n"} & set(written)
    bare = written.replace("\\\\", "").replace("\\;", "").replace("\\,", "").replace("\\n", "")
    assert not {";", ",", "\\"} & set(bare)
