"""The language that people read now, and the one in which everything official is written."""

from contextlib import AbstractContextManager

from django.utils.translation import get_language, override

THAI = "th"


def in_thai() -> AbstractContextManager[None]:
    """A block whose words are Thai: what is frozen, signed, printed or recorded reads the same whoever did it."""
    return override(THAI)


def is_thai() -> bool:
    """Whether people read Thai now."""
    return (get_language() or THAI).startswith(THAI)
