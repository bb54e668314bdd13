"""What each unit of the demonstration promises: its plan, its indicators, and how well it does, as plain data."""

from dataclasses import dataclass, field

from agreements.models import Source
from desk.demo import plans
from desk.demo.indicators import LIBRARY

MISSION, PLAN, MANDATORY = Source.MISSION, Source.PLAN, Source.MANDATORY
LAST, BEFORE_LAST = 1, 2  # years ago


@dataclass(frozen=True)
class Unit:
    """`promises`: indicator, dimension, weight, source, goal of the plan it serves (issue.goal, None: of none).

    Its results differ from the figures in the library by so many `tenths` of a level. `differs`: the indicators that
    the evaluator found otherwise than the unit, by how many years ago.
    """

    plan: plans.Plan
    promises: tuple
    tenths: int = 0
    differs: dict = field(default_factory=dict)

    def lines(self, years_ago):
        """The lines of its agreement of so many years ago, as `desk.demo.drafting` takes them."""
        return [
            (LIBRARY[key].of_unit(self.tenths, place).years_ago(years_ago), *rest)
            for place, (key, *rest) in enumerate(self.promises)
        ]

    def reported(self, years_ago):
        """{name: what the unit itself reported in the end} of its lines so many years ago."""
        differing = self.differs.get(years_ago, ())
        names = {LIBRARY[key].name for key in differing}
        return {line.name: line.reported(differs=line.name in names) for line, *_rest in self.lines(years_ago)}


UNITS = {
    "RTP": Unit(
        plans.HEADQUARTERS_PLAN,
        (
            ("confidence", 1, "15", PLAN, "1.1"),
            ("serious_crime", 1, "10", PLAN, "1.1"),
            ("online_fraud", 1, "12.5", PLAN, "1.2"),
            ("drug_assets", 1, "12.5", PLAN, "1.2"),
            ("road_deaths", 1, "10", PLAN, "2.1"),
            ("satisfied_stations", 2, "15", PLAN, "2.1"),
            ("investment", 3, "10", MANDATORY, None),
            ("openness", 4, "5", MANDATORY, None),
            ("e_government", 4, "5", MANDATORY, None),
            ("officers", 4, "5", PLAN, "3.1"),
        ),
        differs={BEFORE_LAST: ("road_deaths",)},
    ),
    "IMM": Unit(
        plans.COMMAND_PLAN,
        (
            ("arrivals", 1, "15", PLAN, "1.1"),
            ("extension", 1, "10", PLAN, "1.1"),
            ("overstay", 1, "10", PLAN, "2.1"),
            ("wanted", 1, "10", PLAN, "2.1"),
            ("networks", 1, "15", PLAN, "2.1"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("passports", 4, "10", PLAN, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=2,
        differs={BEFORE_LAST: ("extension",)},
    ),
    "TPB": Unit(
        plans.TOURIST_PLAN,
        (
            ("arrival_time", 1, "15", PLAN, "1.1"),
            ("tourist_cases", 1, "15", PLAN, "1.1"),
            ("guides", 1, "15", PLAN, "1.1"),
            ("hotline", 1, "15", PLAN, "1.1"),
            ("trust", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("app", 4, "10", PLAN, "1.1"),
            ("officers", 4, "5", PLAN, "2.1"),
        ),
        tenths=3,
    ),
    "CCIB": Unit(
        plans.CYBER_PLAN,
        (
            ("online_cases", 1, "15", PLAN, "1.1"),
            ("freezing", 1, "15", PLAN, "1.1"),
            ("recovered", 1, "10", PLAN, "1.1"),
            ("gangs", 1, "20", PLAN, "1.1"),
            ("vaccine", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("laboratory", 4, "10", PLAN, "1.1"),
            ("officers", 4, "5", PLAN, "2.1"),
        ),
        tenths=-5,
        differs={BEFORE_LAST: ("freezing",)},
    ),
    "OCG-DIS": Unit(
        plans.DISCIPLINE_PLAN,
        (
            ("discipline_time", 1, "20", PLAN, "1.1"),
            ("discipline_sound", 1, "20", PLAN, "1.1"),
            ("discipline_advice", 1, "20", MISSION, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("discipline_system", 4, "10", PLAN, "1.1"),
            ("officers", 4, "5", PLAN, "2.1"),
        ),
        tenths=-6,
    ),
    "OCG-FAD": Unit(
        plans.FOREIGN_PLAN,
        (
            ("notices", 1, "25", PLAN, "1.1"),
            ("fugitives", 1, "20", MISSION, "1.1"),
            ("protocol", 1, "15", PLAN, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("treaties", 4, "10", PLAN, "1.1"),
            ("officers", 4, "5", PLAN, "2.1"),
        ),
        tenths=5,
    ),
    "OCG-PRD": Unit(
        plans.NEWS_PLAN,
        (
            ("fake_news", 1, "25", PLAN, "1.1"),
            ("reach", 1, "20", MISSION, "1.1"),
            ("spokesmen", 1, "15", PLAN, "1.1"),
            ("press", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("officers", 4, "15", PLAN, "2.1"),
        ),
        tenths=9,
    ),
    "OCG-ILEA": Unit(
        plans.ACADEMY_PLAN,
        (
            ("courses", 1, "30", PLAN, "1.1"),
            ("alumni", 1, "15", PLAN, "1.1"),
            ("partners", 1, "15", MISSION, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("officers", 4, "15", PLAN, "2.1"),
        ),
        tenths=-12,
    ),
    "IMM-GS": Unit(
        plans.STAFF_WORK_PLAN,
        (
            ("papers", 1, "15", PLAN, "1.1"),
            ("vacancies", 1, "15", PLAN, "1.1"),
            ("contracts", 1, "15", PLAN, "1.1"),
            ("follow_up", 1, "15", MISSION, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("officers", 4, "15", PLAN, "2.1"),
        ),
        tenths=1,
        differs={LAST: ("follow_up",)},
    ),
    "IMM-D1": Unit(
        plans.AREA_PLANS["IMM-D1"],
        (
            ("one_stop", 1, "15", PLAN, "1.1"),
            ("extension", 1, "10", PLAN, "1.1"),
            ("overstay", 1, "12.5", PLAN, "2.1"),
            ("wanted", 1, "12.5", PLAN, "2.1"),
            ("trafficking", 1, "10", MISSION, "2.2"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "5", MANDATORY, None),
            ("electronic", 3, "5", PLAN, "3.1"),
            ("e_stay", 4, "10", MISSION, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        differs={LAST: ("extension", "complaints"), BEFORE_LAST: ("complaints",)},
    ),
    "IMM-D2": Unit(
        plans.AREA_PLANS["IMM-D2"],
        (
            ("arrivals", 1, "15", PLAN, "1.1"),
            ("autogates", 1, "10", PLAN, "1.1"),
            ("waiting", 1, "12.5", PLAN, "1.1"),
            ("forged", 1, "12.5", PLAN, "2.1"),
            ("apps", 1, "10", MISSION, "2.1"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "5", MANDATORY, None),
            ("lanes", 3, "5", PLAN, "1.1"),
            ("passports", 4, "10", MISSION, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=4,
        differs={LAST: ("waiting",), BEFORE_LAST: ("waiting", "complaints")},
    ),
    "IMM-D3": Unit(
        plans.AREA_PLANS["IMM-D3"],
        (
            ("hotels", 1, "15", PLAN, "2.1"),
            ("extension", 1, "15", PLAN, "1.1"),
            ("overstay", 1, "10", PLAN, "2.1"),
            ("workplaces", 1, "10", PLAN, "2.1"),
            ("identity", 1, "10", MISSION, "2.2"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "5", MANDATORY, None),
            ("electronic", 3, "5", PLAN, "3.1"),
            ("passports", 4, "10", MISSION, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=-4,
        differs={LAST: ("extension",)},
    ),
    "IMM-D4": Unit(
        plans.AREA_PLANS["IMM-D4"],
        (
            ("bridges", 1, "15", PLAN, "1.1"),
            ("border_pass", 1, "12.5", PLAN, "2.1"),
            ("river", 1, "10", PLAN, "2.1"),
            ("wanted", 1, "12.5", PLAN, "2.1"),
            ("trafficking", 1, "10", MISSION, "2.2"),
            ("satisfaction", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("languages", 4, "10", PLAN, "3.2"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=2,
    ),
    "IMM-D5": Unit(
        plans.AREA_PLANS["IMM-D5"],
        (
            ("crossings", 1, "15", PLAN, "1.1"),
            ("scam_victims", 1, "12.5", MISSION, "2.2"),
            ("overstay", 1, "10", PLAN, "2.1"),
            ("pushed_back", 1, "12.5", PLAN, "2.1"),
            ("wanted", 1, "10", PLAN, "2.1"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("joint_centre", 4, "10", MISSION, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=-3,
        differs={BEFORE_LAST: ("scam_victims",)},
    ),
    "IMM-D6": Unit(
        plans.AREA_PLANS["IMM-D6"],
        (
            ("sadao", 1, "15", PLAN, "1.1"),
            ("yachts", 1, "12.5", PLAN, "1.1"),
            ("nominees", 1, "12.5", PLAN, "2.1"),
            ("overstay", 1, "10", PLAN, "2.1"),
            ("screened_south", 1, "10", MISSION, "2.2"),
            ("satisfaction", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("passports", 4, "10", MISSION, "3.1"),
            ("training", 4, "5", PLAN, "3.2"),
        ),
        tenths=-9,
        differs={LAST: ("complaints",)},
    ),
    "IMM-INV": Unit(
        plans.INVESTIGATION_PLAN,
        (
            ("cases", 1, "15", PLAN, "1.1"),
            ("warrants", 1, "15", PLAN, "1.1"),
            ("removal", 1, "10", PLAN, "1.1"),
            ("networks", 1, "10", MISSION, "1.1"),
            ("detainees", 1, "10", PLAN, "1.1"),
            ("children", 2, "10", PLAN, "1.2"),
            ("complaints", 2, "5", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("officers", 4, "15", PLAN, "2.1"),
        ),
        tenths=-2,
    ),
    "IMM-TEC": Unit(
        plans.TECHNOLOGY_PLAN,
        (
            ("uptime", 1, "20", PLAN, "1.1"),
            ("repair", 1, "15", PLAN, "1.1"),
            ("security", 1, "10", PLAN, "1.1"),
            ("passports", 1, "15", MISSION, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("privacy", 4, "10", PLAN, "1.1"),
            ("officers", 4, "5", PLAN, "2.1"),
        ),
        tenths=6,
    ),
    "IMM-TRN": Unit(
        plans.SCHOOL_PLAN,
        (
            ("trained", 1, "20", PLAN, "1.1"),
            ("applied", 1, "15", PLAN, "1.1"),
            ("renewed", 1, "10", PLAN, "1.1"),
            ("curriculum", 1, "15", MISSION, "1.1"),
            ("internal", 2, "15", PLAN, "1.2"),
            ("budget", 3, "10", MANDATORY, None),
            ("instructors", 4, "15", PLAN, "2.1"),
        ),
    ),
}
