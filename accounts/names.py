"""What a Thai name may be made of."""

import re

# Thai letters and marks; parts joined by a space or a hyphen (ณ อยุธยา). Digits, Latin letters and ฿ ๆ ฯ are no name.
_PART = "[ก-ฮเ-ไ][ก-ฺเ-ๅ็-๎]*"
_NAME = re.compile(rf"{_PART}(?:[ -]{_PART})*")


def is_thai_name(text: str) -> bool:
    """Could `text`, tidied, be somebody's first or last name?"""
    return bool(_NAME.fullmatch(text))
