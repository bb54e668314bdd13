"""The scene of the demonstration: which unit's agreement stands where, this fiscal year and the two before."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from acts.log import THE_SYSTEM, acting
from agreements.issue import ask_for
from agreements.models import Agreement, Document
from agreements.signing_rule import install_handbook_rules
from agreements.stages import Pen, Stage
from desk.demo import amending, evaluating, events, words
from desk.demo.announcing import announce_some
from desk.demo.diary import Diary
from desk.demo.drafting import adjust, draft
from desk.demo.frameworks import OLDER, RECENT, THREE_TARGETS
from desk.demo.library import fill_library
from desk.demo.orders import delegate
from desk.demo.people import EVERYBODY, IMM, OPDC, PMO, RTP, settle
from desk.demo.rewarding import reward
from desk.demo.rights import share_rights
from desk.demo.timing import Timing
from desk.demo.units import UNITS
from desk.demo.walk import Outcome, People, Walk
from desk.demo.years import (
    PLANNER,
    first_years_setting,
    fiscal_year,
    keep_holidays,
    last_years_setting,
    this_years_setting,
)
from orgunits.authority import head_post, signatory_of
from orgunits.load import load_units
from orgunits.models import OrgUnit, UnitUserGrant
from orgunits.roles import Role
from results.carry import agreement_before, begin
from workflow.escalation import escalate

S, P = Stage, Pen


@dataclass(frozen=True)
class Actor:
    """One agreement of the scene: where it goes, and what its people did there last, so many days ago.

    `first`: what they did on the way that isn't the next step. `course`: when it all happened. `knows_last`: its staff
    have written last year's results into the draft themselves, though they are not released yet.
    """

    code: str
    stage: str
    pen: str
    last: Callable[[Walk, Timing], None] = events.nothing_more
    days_ago: int = 8
    first: Callable[[Walk, Timing], None] = events.nothing_more
    course: Callable = Timing.under_way
    knows_last: bool = False


def _late_by(days):
    """Last year's agreement whose report of 9 months was begun so many days ago."""
    return lambda timing: timing.unfinished(interim_days_ago=days)


THIS_YEAR = (
    Actor(RTP, S.INFORMAL, P.NEGOTIATOR, knows_last=True),
    Actor(IMM, S.DRAFT, P.STAFF),
    Actor("TPB", S.ASSESSMENT, P.STAFF, amending.negotiate_an_amendment, first=events.report_so_far,
          course=Timing.in_force),
    Actor("CCIB", S.INFORMAL, P.NEGOTIATOR, events.send_back_the_draft, days_ago=5),
    Actor("OCG-DIS", S.SIGNING, P.SUPERIOR, knows_last=True),
    Actor("OCG-FAD", S.SIGNING, P.SUPERIOR, events.refuse_to_receive),
    Actor("OCG-PRD", S.ASSESSMENT, P.STAFF, first=events.report_so_far, course=Timing.in_force),
    Actor("OCG-ILEA", S.DRAFT, P.STAFF),
    Actor("IMM-GS", S.SIGNING, P.HEAD),
    Actor("IMM-D1", S.INFORMAL, P.OFFICE, events.negotiate_round_2, knows_last=True),
    Actor("IMM-D2", S.DRAFT, P.STAFF, events.split_an_indicator, days_ago=5, course=Timing.just_begun),
    Actor("IMM-D3", S.DRAFT, P.STAFF, events.leave_gaps),
    Actor("IMM-D4", S.DRAFT, P.OFFICE),
    Actor("IMM-D5", S.INFORMAL, P.STAFF, events.decline_an_offer, knows_last=True),
    Actor("IMM-D6", S.FORMAL, P.NEGOTIATOR),
    Actor("IMM-INV", S.SIGNING, P.SUPERIOR),
    Actor("IMM-TEC", S.SIGNING, P.SUPERIOR),
    Actor("IMM-TRN", S.ASSESSMENT, P.STAFF, amending.sign_an_amendment, first=events.report_so_far,
          course=Timing.in_force),
)  # fmt: skip
UNTOUCHED = ("OCG-ILEA",)  # drafts that the planning office has made, and nobody has opened since


def closed(code, **more):
    return Actor(code, S.CLOSED, P.NOBODY, course=lambda timing: timing.course(1), **more)


LAST_YEAR = (
    Actor(RTP, S.EVALUATION, P.EVALUATOR, evaluating.begin_to_evaluate, first=events.assign_the_deputy,
          course=Timing.unfinished),
    Actor(IMM, S.ASSESSMENT, P.STAFF, events.collect_and_judge, first=events.name_the_people,
          course=Timing.unfinished),
    closed("TPB"),
    Actor("CCIB", S.ASSESSMENT, P.EVALUATOR, events.return_the_report, days_ago=7,
          first=events.send_the_second_report, course=_late_by(20)),
    Actor("OCG-DIS", S.ASSESSMENT, P.OFFICE, first=events.come_to_the_last_round, course=Timing.unfinished),
    closed("OCG-FAD"),
    closed("OCG-PRD", first=events.send_the_first_report_on_paper),
    Actor("OCG-ILEA", S.ASSESSMENT, P.STAFF, first=events.stop_after_the_first_round, course=Timing.unfinished),
    closed("IMM-GS"),
    Actor("IMM-D1", S.EVALUATION, P.EVALUATOR, evaluating.evaluate_on_the_spot,
          first=evaluating.share_a_photo_and_show_an_old_register, course=Timing.unfinished),
    Actor("IMM-D2", S.APPEAL, P.HEAD, evaluating.object_to_the_lowest, days_ago=2, course=Timing.just_released),
    Actor("IMM-D3", S.EVALUATION, P.SUPERIOR, first=evaluating.share_a_photo, course=Timing.unfinished),
    Actor("IMM-D4", S.ASSESSMENT, P.EVALUATOR, first=events.send_the_second_report, course=_late_by(12)),
    Actor("IMM-D5", S.ASSESSMENT, P.HEAD, course=Timing.unfinished),
    closed("IMM-D6", first=evaluating.amend_appeal_and_be_heard),
    Actor("IMM-INV", S.APPEAL, P.EVALUATOR, course=Timing.in_appeal),
    closed("IMM-TEC"),
    closed("IMM-TRN"),
)  # fmt: skip
YEAR_BEFORE = tuple(
    Actor(actor.code, S.CLOSED, P.NOBODY, course=lambda timing: timing.course(2)) for actor in LAST_YEAR
)
SCENES = ((2, YEAR_BEFORE), (1, LAST_YEAR), (0, THIS_YEAR))


def build(*, now, tell=lambda line: None):
    """Make what is missing of the scene as of `now`; what is there is left as people have changed it.

    Each agreement is made whole or not at all, so a run that was cut off goes on where it stopped. `tell` is given a
    line of progress now and then.
    """
    timing = Timing(now)
    load_units(at=now)
    install_handbook_rules()
    settle(EVERYBODY, at=now, handed_over=timing.handed_over)
    keep_holidays(timing)
    for years_ago, actors in SCENES:
        _play_all(actors, years_ago, timing, tell)
    fill_library(timing)
    delegate(now=now, today=timing.today)
    share_rights(now=now, today=timing.today)
    escalate(at=now)
    announce_some(timing)
    reward(timing)


def _play_all(actors, years_ago, timing, tell):
    """Those agreements of a year that are not there yet."""
    year = _year(years_ago, timing)
    there = set(Agreement.objects.filter(fiscal_year=year).values_list("unit__code", flat=True))
    missing = [actor for actor in actors if actor.code not in there]
    for place, actor in enumerate(missing, 1):
        _play(actor, year, years_ago, timing)
        if place % 6 == 0 or place == len(missing):
            tell(words.PROGRESS % {"year": year.year, "done": place, "total": len(missing)})


def _year(years_ago, timing):
    number, planner = timing.year - years_ago, User.objects.get(username=PLANNER)
    settings = {
        0: lambda: this_years_setting(number, today=timing.today),
        1: lambda: last_years_setting(number, today=timing.today, reported_from=timing.last_reports_from()),
        2: lambda: first_years_setting(number),
    }
    dimensions = OLDER if years_ago == 2 else RECENT
    rules, opened_at = ({} if years_ago else THREE_TARGETS), timing.opened(years_ago)
    setting = settings[years_ago]()
    return fiscal_year(number, by=planner, at=opened_at, setting=setting, dimensions=dimensions, rules=rules)


def _play(actor, year, years_ago, timing):
    """An agreement from its first draft to where it stands; all that is recorded of it in one go."""
    with acting(THE_SYSTEM, at=timing.now):
        course = actor.course(timing).of_unit(list(UNITS).index(actor.code))
        diary = Diary(course.begins, pace=course.pace)
        unit = OrgUnit.objects.get(code=actor.code)
        people = people_of(actor.code, on=timing.today if not years_ago else course.begins.date())
        walk = Walk(
            _draft(actor, unit, year, years_ago, people, diary),
            people,
            diary,
            outcomes=outcomes_of(actor.code, years_ago) if years_ago else {},
            words=words.of(actor.code, years_ago),
            reports_from=course.reports_from,
            reports_pace=course.reports_pace,
            one_proof=True,
            as_history=True,
        )
        actor.first(walk, timing)
        walk.to(actor.stage, actor.pen)
        walk.diary = max(walk.diary, Diary(timing.days_ago(actor.days_ago)), key=lambda each: each.now)
        actor.last(walk, timing)
        _ask_for_what_is_read_now(walk.agreement, years_ago)


def _draft(actor, unit, year, years_ago, people, diary):
    """The draft of a unit: last year's carried forward and adjusted, or, where none is in force, all written anew."""
    if actor.code in UNTOUCHED and not years_ago:
        return begin(unit, year, carry=True, actor=User.objects.get(username=PLANNER), at=diary.now)
    before, lines = agreement_before(unit, year), UNITS[actor.code].lines(years_ago)
    if before is None or not before.is_in_force:
        return draft(unit, year, plan=UNITS[actor.code].plan, lines=lines, staff=people.staff, diary=diary)
    agreement = begin(unit, year, carry=True, actor=people.staff, at=diary.now)
    known = UNITS[actor.code].reported(years_ago + 1) if actor.knows_last else {}
    adjust(agreement, [line for line, *_rest in lines], known, staff=people.staff, diary=diary)
    return agreement


def _ask_for_what_is_read_now(agreement, years_ago):
    """The newest document of this year's and last year's agreements is made at once; the others when asked for."""
    newest = Document.objects.filter(snapshot__agreement=agreement).exclude(kind=Document.Kind.PUBLIC).first()
    if newest and years_ago < 2:
        ask_for(newest)


def outcomes_of(code, years_ago):
    """What each line came to in the end and on the way there, by its name."""
    unit = UNITS[code]
    reported = unit.reported(years_ago)
    return {line.name: _outcome(line, reported[line.name], years_ago) for line, *_rest in unit.lines(years_ago)}


def _outcome(line, reported, years_ago):
    found = Decimal(line.result)
    reason = line.finding_reason if found != reported else ""
    return Outcome(reported, found, reason, on_the_way=line.on_the_way(reported))


def people_of(code, *, on):
    """Who acts in the agreement of a unit on a day, read from their rights and posts as the product does."""
    negotiates = OPDC if code == RTP else RTP if code in (IMM, "TPB", "CCIB") or code.startswith("OCG") else IMM
    return People(
        staff=_granted(Role.STAFF, code),
        office=_granted(Role.OFFICE, code),
        head=_head_of(code, on),
        negotiator=_granted(Role.NEGOTIATOR, negotiates),
        superior=_head_of(PMO if code == RTP else negotiates, on),
        evaluator=_granted(Role.EVALUATOR, negotiates),
    )


def _granted(role, code):
    grant = UnitUserGrant.objects.filter(permission__codename=role, content_object__code=code)
    return grant.select_related("user").earliest("pk").user


def _head_of(code, on):
    """Who signs as the head of the unit on the day: its head, or who acts for them; None in a vacant post."""
    appointment = signatory_of(head_post(OrgUnit.objects.get(code=code)), on)
    return appointment.user if appointment else None
