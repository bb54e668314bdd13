"""What an indicator of the demonstration is: its sheet, and its figures over the years, as plain data."""

from dataclasses import dataclass, replace
from decimal import Decimal

from agreements.models import Line
from indicators.criteria import Kind, fill_bands
from indicators.formula import parse
from results.adding_up import adds_up
from thai.numbers import plain_number

TEXTS = (
    "name",
    "unit_of_measure",
    "explanation",
    "definition",
    "formula",
    "conditions",
    "data_source",
    "low_target_reason",
)
SCORES = ("1", "2", "3", "4", "5")
HIGHEST = {"ร้อยละ": Decimal(100)}
AT_THE_TOP = "ผลงานปีที่ผ่านมาถึงเกณฑ์ระดับสูงสุดแล้ว จึงกำหนดเป้าหมายเพื่อรักษาระดับผลงานภายใต้ปริมาณงานที่เพิ่มขึ้น"
# How far results differ from the even course, in tenths of a level: by place in the agreement and by year.
UNEVEN = (0, 3, -2, 1, -3, 2, -1)
EARLIER = 2  # years before the three that `past` gives


@dataclass(frozen=True)
class Indicator:
    """An indicator's sheet with its figures as text. `levels` are five values, or `steps` five texts.

    `past` is what came out three, two and one year before this one, as the evaluator found it. Where the evaluator
    differed from the unit in a year (the scene says where), it was by `found_off`, for `finding_reason`.
    """

    name: str
    unit_of_measure: str
    explanation: str
    definition: str
    formula: str
    conditions: str
    data_source: str
    past: tuple
    target: str
    levels: tuple = ()
    steps: tuple = ()
    low_target_reason: str = ""
    result: str = ""
    found_off: str = "0"
    finding_reason: str = ""
    # The formula, and its values: (name, what it is, unit, how many there were for a result “ผล”, a formula as well).
    expression: str = ""
    made_of: tuple = ()
    # Another kind of criteria than values or steps; and the steps, issues, projects or units it counts: (name, weight).
    kind: str = ""
    parts: tuple = ()
    averages: str = Line.Averages.RESULTS
    # On the scale 50, 75, 100: is it held against the three targets, with nothing in between?
    in_targets: bool = False

    @property
    def places(self):
        """How many decimals its results are given with."""
        return max(-Decimal(value).as_tuple().exponent for value in self.past if value is not None)

    @property
    def adds_up(self):
        """Is its result a sum that grows through the year, as a count does?"""
        return adds_up(self.kind or Kind.QUANTITATIVE, self.name, self.unit_of_measure)

    @property
    def in_steps(self):
        """Is its result a whole number of steps or issues, or yes or no, rather than a figure?"""
        return not self.levels

    @property
    def is_score(self):
        """Is its result a score itself, the mean of those of its units?"""
        return self.averages == Line.Averages.SCORES

    @property
    def _measure(self):
        """The values of the levels in the figures that are its results."""
        return SCORES if self.is_score else self.levels

    @property
    def lower_is_better(self):
        return bool(self._measure) and Decimal(self._measure[1]) < Decimal(self._measure[0])

    def on(self, scale):
        """The same indicator under a framework of that scale. Of five levels, three are left; steps are levels reached."""
        if scale.levels == len(SCORES):
            return self
        if self.steps:
            said = [f"ระดับ {number} หมายถึง {text}" for number, text in enumerate(self.steps, 1)]
            texts = {
                "definition": "\n".join([self.definition, *said]),
                "formula": "ระดับสูงสุดที่ผ่านครบถ้วนเทียบกับเป้าหมายสามขั้น",
            }
            return replace(self, kind=Kind.TARGETS, levels=SCORES[2:], steps=(), **texts)
        return replace(self, levels=self.levels[::2], kind=Kind.TARGETS if self.in_targets else self.kind)

    def of_unit(self, tenths, place):
        """The same indicator in another unit: its past differs by so many tenths of a level, a little unevenly."""
        if self.in_steps or not tenths:
            return self
        apart = [tenths + UNEVEN[(place + year) % len(UNEVEN)] for year in range(len(self.past))]
        return replace(self, past=tuple(map(self._moved, self.past, apart)))

    def _moved(self, value, tenths):
        level = Decimal(self._measure[1]) - Decimal(self._measure[0])
        return None if value is None else self._shown(Decimal(value) + level * tenths / 10)

    def _shown(self, value):
        within = max(Decimal(0), min(value, HIGHEST.get(self.unit_of_measure, value)))
        return str(within.quantize(Decimal(1).scaleb(-self.places)))

    def years_ago(self, years):
        """The same indicator in the agreement of so many years before; `result` is then what came out that year.

        Two years further back than `past` goes, the course is continued as it began.
        """
        if not years:
            given = self.low_target_reason and not self._is_above(self.target, self.past[-1])
            return self if given else self._with_target(self.past[-1])
        known = (*self._continued_back(), *self.past)
        end = len(known) - years
        before = known[end - 3 : end]
        return replace(self, past=before, result=known[end], low_target_reason="")._with_target(before[-1])

    def _continued_back(self):
        third, second, _last = self.past
        if self.in_steps or None in (third, second):
            return (None,) * EARLIER
        pace = Decimal(second) - Decimal(third)
        return tuple(self._shown(Decimal(third) - pace * back) for back in (2, 1))

    def _with_target(self, last):
        """The target kept where it is above last year's result; else the next level, else the highest with a reason."""
        kept = self.target if self._is_above(self.target, last) else None
        higher = [level for level in self._heights()[3:] if self._is_above(level, last)]
        target = kept or next(iter(higher), self._heights()[-1])
        return replace(self, target=target, low_target_reason="" if self._is_above(target, last) else AT_THE_TOP)

    def _heights(self):
        return self._measure or (("1",) if self.kind == Kind.PASS_FAIL else SCORES)

    def _is_above(self, target, last):
        if last is None:
            return True
        return Decimal(target) < Decimal(last) if self.lower_is_better else Decimal(target) > Decimal(last)

    def reported(self, *, differs):
        """What the unit itself reported in the year whose `result` this is."""
        return Decimal(self.result) - (Decimal(self.found_off) if differs else 0)

    def on_the_way(self, reported):
        """The unit's results after 6 and after 9 months, on the way to what it reported in the end."""
        if self.kind == Kind.PASS_FAIL:
            return Decimal(0), Decimal(0)
        if self.in_steps:
            return max(reported - 2, Decimal(1)), max(reported - 1, Decimal(1))
        if self.adds_up:
            return tuple(self._like(reported * part / 100) for part in (46, 71))
        before = Decimal(self.past[-1]) if self.past[-1] is not None else reported
        return tuple(self._like(before + (reported - before) * part / 100) for part in (40, 75))

    def _like(self, value):
        return Decimal(self._shown(value))

    def as_fields(self):
        """Columns of a Line."""
        past = {f"past_{back}": _decimal(value) for back, value in zip((3, 2, 1), self.past, strict=True)}
        kind = self.kind or (Line.Kind.MILESTONE if self.steps else Line.Kind.QUANTITATIVE)
        levels = self._bands() if kind == Kind.BANDS else self._levels()
        steps = {f"text_{number}": text for number, text in enumerate(self.steps, 1)}
        texts = {name: getattr(self, name) for name in TEXTS}
        made = {"expression": self.expression, "items": self._items(), "averages": self.averages}
        return {**texts, **past, **levels, **steps, **made, "kind": kind, "target": Decimal(self.target)}

    def _levels(self):
        return {f"level_{number}": Decimal(value) for number, value in enumerate(self.levels, 1)}

    def _bands(self):
        """From each level's value to right before the next; open at either end."""
        start, second = Decimal(self.levels[0]), Decimal(self.levels[1])
        beginnings, ends = fill_bands(start, second - start)
        both = {"level": beginnings, "upper": ends}
        return {f"{name}_{number}": value for name, values in both.items() for number, value in enumerate(values, 1)}

    def _items(self):
        if self.parts:
            return [{"symbol": "", "text": name, "unit": "", "weight": weight} for name, weight in self.parts]
        return [{"symbol": name, "text": text, "unit": unit, "weight": ""} for name, text, unit, _count in self.made_of]

    def _apart(self, result):
        """Figures of the parts whose mean is the result: two and two as far above it as below; an odd last one, on it."""
        pairs = len(self.parts) // 2
        apart = [side * Decimal(pair + 1) * Decimal("0.3") for pair in range(pairs) for side in (1, -1)]
        figures = [result + each for each in [*apart, *[Decimal(0)] * (len(self.parts) - 2 * pairs)]]
        return [self._scoring(score) for score in figures] if self.is_score else figures

    def _scoring(self, score):
        """The result of a unit that scores so much; the levels are evenly spaced."""
        first, second = Decimal(self.levels[0]), Decimal(self.levels[1])
        return first + (score - 1) * (second - first)

    def inputs(self, result):
        """What a report says that the result is made of; {} where it is reported itself."""
        if self.kind == Kind.PASS_FAIL:
            return {"choice": "pass" if result else "fail"}
        if self.parts and self.in_steps:
            return {"done": [str(number) for number in range(1, int(result) + 1)]}
        if self.parts:
            return {"items": [plain_number(figure) for figure in self._apart(result)]}
        counts = {name: parse(count).evaluate({"ผล": result}).value for name, _text, _unit, count in self.made_of}
        return {"values": {name: plain_number(count) for name, count in counts.items()}} if counts else {}


def _decimal(value):
    return None if value is None else Decimal(value)
