"""What the public reads of a snapshot: names and posts of people, and nothing else of them."""

from agreements.public_edition import public_certificate, public_sections
from tests.agreements.sample_sections import sample_sections

PERSON = {"name": "พ.ต.ท.หญิง กมลชนก ใจดี", "post": "สว.ฝอ.", "phone": "0 2141 9999"}


def _with_people():
    sections = sample_sections()
    line, *rest = sections["lines"]
    people = {"overseer": PERSON, "collectors": [PERSON | {"carries_score": True}]}
    return {**sections, "lines": [line | people, *rest]}


def test_names_and_posts_stay_and_telephones_go():
    before = _with_people()
    line = public_sections(before)["lines"][0]

    assert (line["overseer"]["name"], line["overseer"]["post"]) == (PERSON["name"], PERSON["post"])
    assert PERSON["phone"] not in str(public_sections(before))
    assert PERSON["phone"] in str(before)  # the snapshot itself is left as it is


def test_the_certificate_goes_without_the_minutes_and_the_other_documents_code():
    certificate = {"draft": False, "signatures": [1], "people": [], "minutes": ["ลับ"], "code": "a", "hash": "b"}
    assert public_certificate(certificate) == {"draft": False, "signatures": [1], "people": []}


def test_of_an_amendment_stay_its_reason_and_its_values_and_nothing_of_who_asked_or_what_was_said():
    change = {"number": "1.1", "name": "ก", "field": "level_5", "label": "ระดับ 5", "was": "90", "now": "80"}
    about_people = change | {"field": "overseer", "was": PERSON["phone"], "now": "", "reason": "ย้าย"}
    amendment = {
        "number": 1,
        "reason": "งบประมาณลดลง",
        "on": "2027-02-03",
        "begun_by": PERSON["name"],
        "amends": {"sha256": "a" * 64, "sequence": 3},
        "changes": [change | {"reason": "ต่อรองกันไว้"}, about_people],
    }
    before = {**sample_sections(), "amendment": amendment}

    told = public_sections(before)["amendment"]
    assert told == {name: amendment[name] for name in ("number", "reason", "on", "amends")} | {"changes": [change]}
    assert "amendment" not in public_sections(sample_sections())
