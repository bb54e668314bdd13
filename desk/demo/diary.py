"""When things happen in the demonstration: in working hours, on working days, one after the other."""

from datetime import datetime, time, timedelta

from django.utils import timezone

MORNING, EVENING = time(8, 50), time(16, 20)
SATURDAY = 5


class Diary:
    """Hands out the times of acts, each later than the one before: `soon()` minutes later, `later()` some days."""

    def __init__(self, at: datetime, pace: timedelta = timedelta(days=1)):
        self.now = at
        self.pace = pace

    def soon(self) -> datetime:
        """Some minutes on, the same day where it still fits in."""
        return self._to(self.now + timedelta(minutes=4))

    def later(self) -> datetime:
        """One pace on."""
        return self._to(self.now + self.pace)

    def _to(self, moment):
        here = timezone.localtime(moment)
        if here.time() > EVENING:
            here = datetime.combine(here + timedelta(days=1), MORNING, here.tzinfo)
        elif here.time() < MORNING:
            here = datetime.combine(here, MORNING, here.tzinfo)
        while here.weekday() >= SATURDAY:
            here += timedelta(days=1)
        self.now = here
        return here
