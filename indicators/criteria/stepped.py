"""What scores whole levels: the score of the level that is reached, nothing in between."""

from abc import abstractmethod
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from indicators.criteria.kinds import Criteria
from indicators.scale import FIVE, Scale
from indicators.scoring import Scored, finite, scored_by
from indicators.working import Step, score_step, worth


class Stepped(Criteria):
    """Kinds that climb from level to level."""

    is_stepped: ClassVar[bool] = True

    @property
    @abstractmethod
    def level_count(self) -> int:
        """How many levels the criteria have."""

    @abstractmethod
    def rule(self, scale: Scale) -> Step:
        """The criteria in words: the first row of the working."""

    @abstractmethod
    def where(self, actual: Decimal, level: int) -> Step:
        """Where the result falls: the second row of the working."""

    @abstractmethod
    def level_at(self, actual: Decimal) -> int:
        """The level that the result reaches, 0 below level 1. Raises `CannotScore` for a result of the wrong kind."""

    def score(self, actual: Decimal, scale: Scale = FIVE) -> Scored:
        self.refuse_flaws()
        self.refuse_scale(scale, self.level_count)
        level = self.level_at(finite(actual))
        score = scale.at(level)
        step = score_step(scale.round(score), below_level_1=level == 0)
        return scored_by(scale, score, (self.rule(scale), self.where(actual, level), step))

    def level_reached(self, actual: Decimal, scale: Scale = FIVE) -> int | None:
        actual = finite(actual)
        if self.flaws():
            return None
        try:
            return self.level_at(actual) or None
        except ValueError:
            return None


def below_level_1() -> str:
    return _("does not reach level 1")


def worths(texts: tuple[str, ...], scale: Scale) -> str:
    """What each level asks for, and what it is worth."""
    return " · ".join(worth(text, level, scale.points) for level, text in enumerate(texts, 1))
