"""The demonstration: the scene that `manage.py demo` makes, and that it can be made again without harm."""

from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from acts.log import first_fault
from acts.models import Entry, Job
from agreements.freeze import thaw
from agreements.issue import RENDER
from agreements.models import Agreement, Document, Line, ReceiverChoice
from agreements.rules import missing
from agreements.stages import RELEASED
from desk.demo.indicators import LIBRARY
from desk.demo.people import ACCOUNTS, EVERYBODY, PASSWORD
from desk.demo.scene import SCENES
from desk.demo.units import UNITS
from desk.vacancies import vacancies
from fiscal.years import year_of
from orgunits.models import Appointment
from results.carry import final_results
from results.flags import flags_of
from results.models import Appeal, AppealLine, Exclusion, PaperEntry, TimeGiven, Visit
from results.round_state import is_late, state_of
from results.rules import current_report
from results.scores import agreed_of, released_scores, report_card
from workflow.drafting import outlook_of
from workflow.due import due_on
from workflow.models import Amendment, Offer, Proposal, Publication, Signature, SigningRefusal
from workflow.rules import open_offers

pytestmark = [pytest.mark.django_db, pytest.mark.together, pytest.mark.one_database]

# unit: case of handbook 2.2.1; this fiscal year; last year; the year before
SCENE = {
    "RTP": ("headquarters", "informal negotiator", "evaluation evaluator", "closed nobody"),
    "IMM": ("command", "draft staff", "assessment staff", "closed nobody"),
    "TPB": ("command", "assessment staff", "closed nobody", "closed nobody"),
    "CCIB": ("command", "draft staff", "assessment staff", "closed nobody"),
    "OCG-DIS": ("division_of_commissioner_office", "signing superior", "assessment office", "closed nobody"),
    "OCG-FAD": ("division_of_commissioner_office", "formal negotiator", "closed nobody", "closed nobody"),
    "OCG-PRD": ("division_of_commissioner_office", "assessment staff", "closed nobody", "closed nobody"),
    "OCG-ILEA": ("division_of_commissioner_office", "draft staff", "assessment staff", "closed nobody"),
    "IMM-GS": ("division_elsewhere", "signing head", "closed nobody", "closed nobody"),
    "IMM-D1": ("division_elsewhere", "informal staff", "evaluation evaluator", "closed nobody"),
    "IMM-D2": ("division_elsewhere", "draft staff", "appeal head", "closed nobody"),
    "IMM-D3": ("division_elsewhere", "draft staff", "evaluation superior", "closed nobody"),
    "IMM-D4": ("division_elsewhere", "draft office", "assessment evaluator", "closed nobody"),
    "IMM-D5": ("division_elsewhere", "informal negotiator", "assessment head", "closed nobody"),
    "IMM-D6": ("division_elsewhere", "formal negotiator", "closed nobody", "closed nobody"),
    "IMM-INV": ("division_elsewhere", "signing superior", "appeal evaluator", "closed nobody"),
    "IMM-TEC": ("division_elsewhere", "signing superior", "closed nobody", "closed nobody"),
    "IMM-TRN": ("division_elsewhere", "assessment staff", "closed nobody", "closed nobody"),
}
# last year's reports that are late: unit → position of the round, stage of the report
INTERIM_REPORTS = {"CCIB": "returned", "OCG-ILEA": "missed", "IMM-D4": "sent"}
LATE_DRAFTS = {"IMM", "CCIB", "OCG-ILEA", "IMM-D2", "IMM-D3", "IMM-D4"}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once for all tests of this module; what one of them changes is undone before the next."""
    own_files = override_settings(PRIVATE_ROOT=tmp_path_factory.mktemp("demo"))  # with the seal that the demo makes
    with own_files, django_db_blocker.unblock(), transaction.atomic():
        said = StringIO()
        call_command("demo", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


def of(code, years_ago=0):
    year = year_of(timezone.localdate()) - years_ago
    return Agreement.objects.for_detail().get(unit__code=code, fiscal_year__year=year)


def standing_in(years_ago):
    found = Agreement.objects.in_year(year_of(timezone.localdate()) - years_ago).select_related("unit")
    return {agreement.unit.code: f"{agreement.stage} {agreement.pen}" for agreement in found}


@pytest.mark.parametrize("years_ago", [0, 1, 2])
def test_every_agreement_stands_where_the_table_says(scene, years_ago):
    assert standing_in(years_ago) == {code: row[1 + years_ago] for code, row in SCENE.items()}


def test_all_four_cases_of_the_handbook_are_there(scene):
    cases = {agreement.unit.code: agreement.rule.case for agreement in Agreement.objects.select_related("unit", "rule")}
    assert cases == {code: row[0] for code, row in SCENE.items()}
    assert {case for case, *_years in SCENE.values()} == {
        "headquarters",
        "command",
        "division_of_commissioner_office",
        "division_elsewhere",
    }


def test_the_log_is_whole_in_its_order_and_tells_nothing_of_the_future(scene):
    assert first_fault(Entry.objects.all()) is None
    assert Entry.objects.latest("at").at <= timezone.now()
    for agreement in Agreement.objects.all():
        times = list(Entry.objects.about(agreement).order_by("sequence").values_list("at", flat=True))
        assert times == sorted(times), agreement


def test_a_second_time_changes_nothing(scene):
    written = Entry.objects.count(), Job.objects.count()
    again = StringIO()
    call_command("demo", stdout=again)
    assert (Entry.objects.count(), Job.objects.count()) == written
    assert (again.getvalue(), len(scene.splitlines())) == ("", 9)


def test_last_years_result_is_what_was_released_and_this_years_past(scene):
    carried = Line.objects.exclude(came_from=None).select_related("came_from__agreement", "agreement__unit")
    compared = 0
    for line in carried:
        before = line.came_from
        assert (line.past_3, line.past_2) == (before.past_2, before.past_1), (line.agreement, line)
        released = final_results(before.agreement).get(before.pk)
        if released is not None:
            compared += 1
            assert line.past_1 == released, (line.agreement, line)
    assert compared > 200


def test_what_is_not_released_is_blank_unless_the_unit_knows_it(scene):
    known = {"RTP", "OCG-DIS", "IMM-D1", "IMM-D5"}
    waiting = {code for code, row in SCENE.items() if row[2].split()[0] not in RELEASED}
    blank = Line.objects.filter(past_1=None, agreement__in=[of(code) for code in SCENE]).exclude(came_from=None)
    assert {line.agreement.unit.code for line in blank.select_related("agreement__unit")} == waiting - known
    line = of("IMM-D1").lines.get(name__contains="จำนวนวันเฉลี่ย")
    assert (line.past_1, line.past_2) == (line.came_from.results.get(report__round__is_final=True).value, 24)


def test_scores_differ_from_unit_to_unit_and_from_year_to_year(scene):
    closed = Agreement.objects.filter(stage="closed")
    totals = [float(thaw(released_scores(agreement))["total"]["score"]) for agreement in closed]
    assert min(totals) < 2.5
    assert max(totals) > 4.5
    assert len(set(totals)) > 20


def test_each_unit_promises_its_own(scene):
    assert set(UNITS) == set(SCENE)
    for code in SCENE:
        lines = of(code, 1).lines
        assert 6 <= lines.count() <= 11
    names = [set(of(code, 1).lines.values_list("name", flat=True)) for code in SCENE if code.startswith("IMM-")]
    assert all(len(ours & theirs) <= 7 for ours in names for theirs in names if ours is not theirs)
    assert max(len(name) for name in Line.objects.values_list("name", flat=True)) > 300
    assert max(len(text) for text in Line.objects.values_list("definition", flat=True)) > 700
    assert of("RTP").lines.filter(source="mandatory").count() == 3


def test_drafts_ready_begun_sent_back_and_never_touched(scene):
    at = timezone.now()
    assert missing(of("IMM-D2"), User.objects.get(username="siriporn"), at) == []
    assert len(missing(of("IMM-D3"), User.objects.get(username="kittisak"), at)) > 5
    assert Entry.objects.about(of("CCIB")).filter(act="agreement.send_back").exclude(text="").exists()
    by_people = Entry.objects.about(of("OCG-ILEA")).exclude(act="escalate")
    touched = set(by_people.values_list("act", "actor_text"))
    assert touched == {("create", "พ.ต.อ.หญิง สุดา แผนงาม"), ("carry_forward", "พ.ต.อ.หญิง สุดา แผนงาม")}


def test_offers_open_accepted_and_declined(scene):
    assert set(open_offers(of("IMM-D1")).values_list("field", "to_value")) == {
        ("level_5", "15"),
        ("weight", "12.5"),
        ("weight", "10"),
    }
    declined = Offer.objects.get(state="declined")
    assert (declined.line.agreement, bool(declined.answer)) == (of("IMM-D5"), True)
    assert Offer.objects.filter(state="accepted", line__agreement=of("IMM-GS")).exists()


def test_a_refusal_to_sign_is_on_record(scene):
    refusal = SigningRefusal.objects.get()
    assert (refusal.snapshot.agreement, refusal.slot) == (of("OCG-FAD"), "receiver")
    assert refusal.snapshot.signatures.get().slot == "maker"


def test_who_acts_for_a_head_signs_by_an_order_and_two_posts_are_vacant(scene):
    signature = Signature.objects.get(snapshot__agreement=of("IMM-TEC"))
    assert (signature.capacity, bool(signature.order_number)) == ("acting", True)
    assert "รักษาราชการแทน" not in signature.acted_post
    today = timezone.localdate()
    headless = {
        code
        for code in SCENE
        if not Appointment.objects.in_force(today).filter(post__unit__code=code, post__kind="head").exists()
    }
    assert headless == {"OCG-ILEA", "IMM-D6"}


def test_a_commander_has_delegated_one_year_and_two_posts_must_be_seen_to(scene):
    delegation = Appointment.objects.get(capacity="delegated")
    told = (delegation.user.username, delegation.delegated_by.username, delegation.scope, delegation.fiscal_year.year)
    assert told == ("anan", "somchai", "year", year_of(timezone.localdate()))
    seen = vacancies(User.objects.get(username="ratchanon"), timezone.now())
    assert {each.post.unit.code: each.last is None for each in seen} == {"IMM-D6": True, "IMM-TEC": False}


def test_the_prime_minister_received_one_and_the_deputy_by_an_order_the_other(scene):
    posts = ReceiverChoice.objects.order_by("agreement__fiscal_year__year")
    assert [(choice.post.kind, bool(choice.order_number)) for choice in posts] == [("head", False), ("deputy", True)]
    signed_by = Signature.objects.filter(slot="receiver", snapshot__agreement__unit__code="RTP").order_by("signed_at")
    assert [signature.name for signature in signed_by] == ["นายอนุวัฒน์ สมมติธรรม", "นางชลลดา สมมติชัย"]


def test_interim_reports_returned_missed_and_sent_in_the_time_that_was_given(scene):
    today = timezone.localdate()
    second = {code: of(code, 1).reports.select_related("round").get(round__position=2) for code in INTERIM_REPORTS}
    assert {code: state_of(report, today).state.value for code, report in second.items()} == INTERIM_REPORTS
    given = TimeGiven.objects.filter(ended_at=None).values_list("report__agreement__unit__code", flat=True)
    assert set(given) == {"CCIB", "IMM-D4"}
    assert not any(is_late(report) for report in second.values())
    assert current_report(of("OCG-ILEA", 1), on=today).round.is_final
    returned = Entry.objects.get(act="agreement.return_report")
    assert (returned.object_id, bool(returned.text)) == (str(of("CCIB", 1).pk), True)
    rounds = {years_ago: of("IMM", years_ago).fiscal_year.reporting_rounds.count() for years_ago in (0, 1, 2)}
    assert rounds == {0: 3, 1: 3, 2: 1}


def test_only_some_drafts_are_late_this_year(scene):
    today = timezone.localdate()
    assert {code for code in SCENE if due_on(of(code), on=today) < today} == LATE_DRAFTS


def test_the_year_was_called_for_and_the_planning_office_has_drafts_left_to_make(scene):
    year = of("IMM").fiscal_year
    assert year.is_called
    assert str(year.year) in year.call_text
    assert outlook_of(year, on=timezone.localdate()).to_draft > 250


def test_only_documents_of_current_interest_are_queued(scene):
    jobs = Job.objects.filter(name=RENDER)
    ids = [job.payload["document_id"] for job in jobs]
    for_readers = Document.objects.exclude(kind=Document.Kind.PUBLIC)
    asked = for_readers.filter(pk__in=ids).select_related("snapshot__agreement__fiscal_year")
    this_year = year_of(timezone.localdate())
    assert {each.snapshot.agreement.fiscal_year.year for each in asked} == {this_year - 1, this_year}
    newest = [for_readers.filter(snapshot__agreement=each.snapshot.agreement).first() for each in asked]
    assert newest == list(asked)
    assert len(asked) < 36 < Document.objects.count()


def test_lines_carry_goals_of_their_superiors_and_some_goals_nobody_carries(scene):
    for superior, years_ago, gaps in (("RTP", 1, 1), ("IMM", 0, 1)):
        goals = of(superior, years_ago).plan.items.filter(kind="goal")
        assert goals.filter(carried_by=None).count() == gaps
        assert goals.exclude(carried_by=None).exists()
        carrying = Line.objects.filter(carries_item__in=goals)
        assert {line.agreement.counterpart.code for line in carrying.select_related("agreement__counterpart")} == {
            superior
        }


def test_everybody_belongs_to_a_unit(scene):
    assert not User.objects.filter(belonging=None).exists()


def test_the_password_of_the_demonstration_would_be_taken_for_everybody(scene):
    for person in EVERYBODY:
        validate_password(PASSWORD, person.as_user(""))


def test_user_names_are_short_and_nobody_stands_twice():
    names = [person.username for person in EVERYBODY]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and len(name) <= 12 for name in names)
    people = [(person.first_name, person.last_name) for person in EVERYBODY]
    assert len(set(people)) == len(people)


def test_the_accounts_are_told_with_their_password_and_that_all_is_invented():
    said = StringIO()
    call_command("demo", accounts=True, stdout=said)

    notice, head, *lines = said.getvalue().splitlines()
    assert "แต่งขึ้น" in notice
    assert "รหัสผ่าน" in head
    assert len(lines) == len(ACCOUNTS)
    assert "พ.ต.ท.หญิง กมลชนก ใจดี" in lines[0]
    assert all(PASSWORD in line for line in lines)


def test_each_unit_has_one_agreement_a_year():
    for _years_ago, actors in SCENES:
        assert sorted(actor.code for actor in actors) == sorted(UNITS)


def amendment_of(code, years_ago=0):
    return Amendment.objects.select_related("amends", "snapshot").get(agreement=of(code, years_ago))


def test_one_agreement_is_amended_one_amendment_waits_to_be_signed_and_one_is_negotiated(scene):
    found = Amendment.objects.select_related("agreement__unit", "agreement__fiscal_year")
    this_year = year_of(timezone.localdate())
    assert {
        (each.agreement.unit.code, this_year - each.agreement.fiscal_year.year): f"{each.stage} {each.pen}"
        for each in found
    } == {
        ("IMM-D6", 1): "in_force nobody",
        ("IMM-TRN", 0): "signing superior",
        ("TPB", 0): "negotiation staff",
    }
    for each in found:
        times = list(Entry.objects.about(each).order_by("sequence").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[0] > each.amends.signatures.latest("pk").signed_at


def test_what_was_reported_before_an_amendment_keeps_its_criteria_and_the_public_reads_the_amended_text(scene):
    agreement, amendment = of("IMM-D6", 1), amendment_of("IMM-D6", 1)
    reports = agreement.reports.order_by("round__position")
    assert [report.scored_by for report in reports] == [amendment.amends, None, None]
    announced = {each.kind: each.snapshot for each in agreement.publications.select_related("snapshot")}
    assert announced == {"signed": amendment.amends, "amended": amendment.snapshot}
    assert agreement.lines.get(name=LIBRARY["sadao"].name).level_5 == 32


def test_both_sides_have_proposed_and_the_unit_has_begun_to_answer(scene):
    proposals = Proposal.objects.filter(change__amendment=amendment_of("TPB"))
    assert {(each.side, each.handed_over_at is None) for each in proposals} == {
        ("owner", False),
        ("counterpart", False),
        ("owner", True),
    }


def test_the_public_reads_drafts_and_signed_agreements_of_two_years(scene):
    found = Publication.objects.foremost()
    this_year = year_of(timezone.localdate())
    assert {each.kind for each in found.in_year(this_year)} == {Publication.Kind.DRAFT, Publication.Kind.SIGNED}
    assert {each.kind for each in found.in_year(this_year - 1)} == {Publication.Kind.SIGNED, Publication.Kind.AMENDED}


def test_one_appeal_is_being_written_one_lies_before_its_panel_and_one_was_heard_in_part(scene):
    written = AppealLine.objects.exclude(objection="").select_related("appeal__evaluation__report__agreement__unit")
    assert {each.appeal.evaluation.report.agreement.unit.code: each.decision for each in written} == {
        "IMM-D2": "", "IMM-INV": "", "IMM-D6": "changed",
    }  # fmt: skip
    stages = {each.appeal.evaluation.report.agreement.unit.code: each.appeal.stage for each in written}
    assert stages == {"IMM-D2": "draft", "IMM-INV": "lodged", "IMM-D6": "settled"}
    appeal = Appeal.objects.get(evaluation__report__agreement=of("IMM-D2", 1))
    assert appeal.evaluation.appeal_until >= timezone.localdate()
    heard = written.get(decision="changed")
    first, second = (thaw(each)["total"]["score"] for each in of("IMM-D6", 1).snapshots.filter(purpose="scores"))
    assert float(first) < float(second)
    assert heard.asked_value > heard.decided_value


def test_an_evaluator_was_on_the_spot_a_line_is_left_out_and_files_ask_for_a_second_look(scene):
    agreement = of("IMM-D1", 1)
    evaluation = current_report(agreement, on=timezone.localdate()).evaluation
    assert [visit.evaluation for visit in Visit.objects.all()] == [evaluation]
    excluded = Exclusion.objects.get()
    assert (excluded.evaluation, excluded.moved_to is None) == (evaluation, False)
    report = evaluation.report
    wichai, at = User.objects.get(username="wichai"), timezone.now()
    flags = flags_of(report_card(report).rows, report, agreed_of(report), reader=wichai, at=at)
    held = {flag.kind: flag.label for found in flags.values() for flag in found if flag.holds}
    assert {"dated", "file"} <= set(held)
    assert "บก.ตม.3" in held["file"]


def test_one_report_came_on_paper(scene):
    entry = PaperEntry.objects.select_related("report__agreement__unit").get()
    told = (entry.report.agreement.unit.code, entry.report.round.position, entry.report.stage)
    assert told == ("OCG-PRD", 1, "accepted")
