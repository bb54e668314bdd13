"""What an act may answer instead of happening. Every answer is a sentence that a person can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

# Said by the engine, and by forms that ask for the reason before.
GIVE_A_REASON = _("Please give the reason, so that whoever this goes to knows it.")


@dataclass(frozen=True)
class Refusal:
    """One reason why not, as a translated sentence; `where` is the "#fragment" or URL of what mends it.

    Where a right is lacking, or the turn: `rule` names the rule in few words, and `help` are lines of text, who can
    help. They may be lazy, so that nobody is looked up before a page shows them; two refusals are alike without them.
    """

    sentence: str
    where: str = ""
    rule: str = field(default="", compare=False)
    help: Iterable[str] = field(default=(), compare=False)

    def __str__(self) -> str:
        return str(self.sentence)


class Refused(Exception):
    """The act may not happen now. Nothing was changed.

    `incomplete` says that the person and the moment are right and only something is missing (422, else 403).
    """

    def __init__(self, refusals: Iterable[Refusal], *, incomplete: bool = False) -> None:
        self.refusals = list(refusals)
        self.incomplete = incomplete
        super().__init__(" ".join(str(refusal) for refusal in self.refusals))

    @property
    def status(self) -> int:
        return 422 if self.incomplete else 403


class Conflict(Exception):
    """Somebody was first: what the act was based on is no longer so. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


class AlreadyDone(Exception):
    """The same form was sent before and has had its effect; `url` is where that can be seen ("" if nowhere)."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        super().__init__(url)
