"""Things that a page only reads: what is asked of one of them more than once is asked of the database once.

Rules, checks and pages ask the same questions of an agreement (its lines, its open offers). On an instance marked by
`for_reading` the first answer is kept; on any other (that of a move, fetched anew under its lock) every question goes
to the database. So a rule is written once, costs a page nothing twice, and judges a move by nothing but what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_ANSWERS = "_acts_answers"


def for_reading(thing: Any) -> Any:
    """Mark an instance that nothing will be written through from now on; returns it. May be repeated."""
    if not hasattr(thing, _ANSWERS):
        setattr(thing, _ANSWERS, {})
    return thing


def once(thing: Any, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """`ask()`; of a thing for reading, the first answer that it gave to this question."""
    answers = getattr(thing, _ANSWERS, None)
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return answers[question]
