"""A calendar of whole days as calendar programs read it (RFC 5545): text to bytes, no models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line break
ESCAPED = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\r", "\\n"), ("\n", "\\n"))


@dataclass(frozen=True)
class Event:
    """Something due on a day. `uid` stays the same while the day moves; `alarm`: rings the morning before."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    alarm: bool = False


def calendar(name: str, events: Iterable[Event], *, at: datetime) -> bytes:
    """The file: UTF-8, CRLF, lines folded at 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Performance Agreements//Due dates//TH", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Bangkok"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    for event in events:
        lines += _event(event, at)
    return b"".join(folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(event: Event, at: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    lines += [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"]
    lines += [f"SUMMARY:{escaped(event.summary)}", "TRANSP:TRANSPARENT"]
    lines += [f"DESCRIPTION:{escaped(event.description)}"] if event.description else []
    lines += [f"URL:{event.url}"] if event.url else []
    if event.alarm:
        # The day begins at midnight; fifteen hours before it are nine in the morning of the day before.
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escaped(event.summary)}",
            "TRIGGER:-PT15H",
            "END:VALARM",
        ]
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """Text as a value: what separates values is escaped, a line break is written \\n."""
    for plain, written in ESCAPED:
        text = text.replace(plain, written)
    return text


def folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, each but the first begun by a space; no letter is cut apart."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode()
        room = LONGEST_LINE - (1 if pieces else 0)
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
