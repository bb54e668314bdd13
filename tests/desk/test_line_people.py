"""Collectors report their lines and no other; the overseer approves or refuses before the report is sent.

The first line names: overseer `secretariat_staff`; collectors `nobody`, who carries the score, and `stranger`.
None of them serves in the unit. The second line names nobody.
"""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acts.models import Entry
from acts.refusals import Conflict, Refused
from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import standing_of
from results.models import Collected, OverseerVerdict, Result
from results.oversee import give_verdict
from results.rules import current_report, report_is_complete
from results.scores import report_card
from results.write import add_evidence, save_figure, save_result, take_figure
from tests.results.files import PDF, picture
from tests.results.naming import name_people
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON

D1 = "2570-IMM-D1"
OVERSEER, CARRIES, OTHER = "secretariat_staff", "nobody", "stranger"


@pytest.fixture
def assessed(world):
    agreement = three_lines(world)
    first = report_card(current_report(agreement, on=ON)).rows[0].line.key
    people = [world.people.get(who) for who in (CARRIES, OTHER)]
    name_people(first, overseer=world.people.get(OVERSEER), collectors=people)
    return fresh(agreement)


def fresh(agreement):
    return Agreement.objects.for_detail().get(pk=agreement.pk)


def results(agreement):
    return [row.result for row in report_card(current_report(fresh(agreement), on=ON)).rows]


def place(result):
    return (D1, 3, result.line_id)


def judge(world, result, who=OVERSEER, *, approves=True, reason="", version=None):
    told = {"approves": approves, "reason": reason, "version": version or Result.objects.get(pk=result.pk).version}
    told["seen"] = getattr(OverseerVerdict.objects.filter(result=result, stands=True).first(), "pk", 0)
    return give_verdict(result, **told, actor=world.people.get(who), at=world.at())


def missing(agreement):
    return [each.sentence for each in report_is_complete(current_report(fresh(agreement), on=ON))]


# Who is named reads what is in force, and writes their own line


@pytest.mark.parametrize("who", [OVERSEER, CARRIES, OTHER])
def test_who_is_named_finds_and_reads_the_agreement_and_does_not_follow_it(world, assessed, who):
    user = world.people.get(who)
    assert assessed in Agreement.objects.visible_to(user)
    assert assessed in Agreement.objects.readable_by(user)
    assert assessed not in Agreement.objects.followed_by(user)
    standing = standing_of(user, assessed, timezone.now())
    assert (standing.knows, standing.reads, standing.follows) == (True, True, False)


@pytest.mark.parametrize("stage", [Stage.INFORMAL, Stage.SIGNING])
def test_a_name_on_a_sheet_that_is_not_in_force_opens_nothing(world, stage):
    agreement = world.agreement(stage)
    name_people(agreement.lines.first().pk, overseer=world.people.nobody, collectors=[world.people.stranger])
    for who in ("nobody", "stranger"):
        user = world.people.get(who)
        assert agreement not in Agreement.objects.visible_to(user)
        assert not standing_of(user, agreement, timezone.now()).knows


def test_a_closed_account_is_named_in_vain(world, assessed):
    user = world.people.get(CARRIES)
    user.is_active = False
    assert assessed not in Agreement.objects.visible_to(user)
    assert not standing_of(user, assessed, timezone.now()).knows


def test_who_is_named_opens_the_report_and_their_own_line_alone(world, visit, words, assessed):
    own, other, _third = results(assessed)
    user = world.people.get(CARRIES)
    assert visit(user, "desk:report", D1, 3).status_code == 200
    assert visit(user, "desk:result", *place(own)).status_code == 200
    answer = visit(user, "desk:result", *place(other))
    assert answer.status_code == 403
    assert "ท่านมีชื่อเป็นผู้รับผิดชอบตัวชี้วัดอื่น" in words(answer)
    assert visit(user, "desk:history", D1).status_code == 403
    assert visit(world.people.auditor, "desk:result", *place(other)).status_code == 200


@pytest.mark.parametrize("route", ["result", "result_field", "collect", "add_evidence", "oversee"])
def test_a_collector_who_posts_another_lines_id_writes_nothing(world, send, assessed, route):
    other = results(assessed)[1]
    sent = {"value": "90", "figure": "90", "narrative": "x", "version": other.version, "verdict": "approve"}
    sent |= {"file": SimpleUploadedFile("ก.pdf", PDF)} if route == "add_evidence" else {}
    assert send(world.people.get(CARRIES), f"desk:{route}", *place(other), **sent).status_code == 403
    other.refresh_from_db()
    assert (other.value, other.narrative, other.version) == (None, "", 1)
    assert not Collected.objects.exists()


def test_a_line_of_another_agreement_is_not_in_this_report(world, send, assessed):
    neighbour = world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    theirs = current_report(neighbour, on=ON).results.first()
    answer = send(world.people.staff, "desk:result", D1, 3, theirs.line_id, value="90", version=1)
    assert answer.status_code == 404


def test_the_verb_itself_refuses_another_line(world, assessed):
    other = results(assessed)[1]
    for write in (
        lambda by: save_result(other, {"narrative": "x"}, version=1, **by),
        lambda by: save_figure(other, {"note": "x"}, **by),
        lambda by: add_evidence(other, SimpleUploadedFile("ก.pdf", PDF), proves="", **by),
    ):
        with pytest.raises(Refused):
            write({"actor": world.people.get(CARRIES), "at": world.at()})


# Figures side by side; one becomes the result


def test_the_figure_of_who_carries_the_score_is_the_result(world, send, assessed):
    own = results(assessed)[0]
    answer = send(world.people.get(CARRIES), "desk:result", *place(own), value="86.02", version=own.version)
    assert answer.status_code == 302
    own.refresh_from_db()
    assert own.value == Decimal("86.02")
    assert Collected.objects.get(result=own).value == Decimal("86.02")


def test_another_collectors_figure_stands_beside_the_result_and_is_none(world, send, visit, words, assessed):
    own = results(assessed)[0]
    sent = {"figure": "๘๔", "note": "นับเฉพาะด่านหลัก"}
    assert send(world.people.get(OTHER), "desk:collect", *place(own), **sent).status_code == 302
    own.refresh_from_db()
    assert own.value is None
    page = words(visit(world.people.staff, "desk:result", *place(own)))
    assert "84" in page
    assert "นับเฉพาะด่านหลัก" in page


def test_another_collector_writes_the_words_and_cannot_set_the_figure(world, send, assessed):
    own = results(assessed)[0]
    sent = {"value": "99", "narrative": "จัดเวรเพิ่ม", "version": own.version}
    assert send(world.people.get(OTHER), "desk:result", *place(own), **sent).status_code == 302
    own.refresh_from_db()
    assert (own.value, own.narrative) == (None, "จัดเวรเพิ่ม")
    by = {"actor": world.people.get(OTHER), "at": world.at()}
    with pytest.raises(Refused):
        save_result(own, {"value": Decimal(99)}, version=own.version, **by)


def test_staff_take_over_a_figure_and_never_wait_for_a_collector(world, send, assessed):
    own = results(assessed)[0]
    figure = save_figure(own, {"value": Decimal(84)}, actor=world.people.get(OTHER), at=world.at())
    answer = send(world.people.staff, "desk:take_collected", *place(own), figure.pk, version=own.version)
    assert answer.status_code == 302
    own.refresh_from_db()
    assert own.value == 84

    name_people(own.line_id, collectors=[world.people.get(CARRIES)])
    save_result(own, {"value": Decimal(85)}, version=own.version, actor=world.people.staff, at=world.at())
    own.refresh_from_db()
    assert own.value == 85


def test_a_figure_is_not_taken_over_by_a_collector_nor_into_another_line_nor_stale(world, send, assessed):
    own, other, _third = results(assessed)
    figure = save_figure(own, {"value": Decimal(84)}, actor=world.people.get(OTHER), at=world.at())
    taken = "desk:take_collected"
    assert send(world.people.get(CARRIES), taken, *place(own), figure.pk, version=1).status_code == 403
    assert send(world.people.staff, taken, *place(other), figure.pk, version=1).status_code == 404
    save_result(own, {"value": Decimal(80)}, version=1, actor=world.people.staff, at=world.at())
    assert send(world.people.staff, taken, *place(own), figure.pk, version=1).status_code == 409
    own.refresh_from_db()
    assert own.value == 80
    with pytest.raises(Refused):
        take_figure(figure, version=own.version, actor=world.people.office, at=world.at())


def test_a_figure_that_is_none_stays_on_the_page(world, send, words, assessed):
    own = results(assessed)[0]
    answer = send(world.people.get(OTHER), "desk:collect", *place(own), figure="แปดสิบ", note="หมายเหตุของฉัน")
    assert answer.status_code == 422
    assert "หมายเหตุของฉัน" in words(answer)
    assert not Collected.objects.exists()


# The overseer


def test_a_report_is_not_complete_before_the_overseer_has_approved(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    assert len(missing(assessed)) == 1
    assert "ยังไม่ได้ให้ความเห็นชอบผล" in missing(assessed)[0]

    judge(world, own, approves=False, reason="ตัวเลขไม่ตรงกับรายงานประจำเดือน")
    assert "ไม่เห็นชอบผล: “ตัวเลขไม่ตรงกับรายงานประจำเดือน”" in missing(assessed)[0]

    judge(world, own)
    assert missing(assessed) == []
    assert OverseerVerdict.objects.filter(result=own).count() == 2
    acts = Entry.objects.about(assessed).order_by("sequence").values_list("act", flat=True)
    assert list(acts)[-2:] == ["refuse_result", "approve_result"]


def test_without_an_overseer_nobody_needs_to_approve(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    name_people(own.line_id)
    assert missing(assessed) == []
    with pytest.raises(Refused):
        judge(world, results(assessed)[0])


def test_an_overseer_whose_account_is_closed_holds_nothing_up(world, assessed):
    report_lines(world, assessed, RESULTS)
    user = world.people.get(OVERSEER)
    user.is_active = False
    user.save()
    assert missing(assessed) == []


@pytest.mark.parametrize("change", ["value", "words", "evidence"])
def test_what_changes_the_result_ends_the_verdict(world, assessed, change):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    judge(world, own)
    by = {"actor": world.people.staff, "at": world.at()}
    if change == "evidence":
        add_evidence(own, SimpleUploadedFile("ข.png", picture("PNG", size=(9, 9))), proves="", **by)
    else:
        changes = {"value": Decimal(90)} if change == "value" else {"narrative": "แก้ไข"}
        save_result(own, changes, version=own.version, **by)
    assert "ยังไม่ได้ให้ความเห็นชอบผล" in missing(assessed)[0]
    assert not OverseerVerdict.objects.get().stands


def test_what_changes_nothing_leaves_the_verdict(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    judge(world, own)
    save_result(own, {"value": own.value}, version=1, actor=world.people.staff, at=world.at())
    assert missing(assessed) == []


def test_only_what_was_read_is_approved(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    with pytest.raises(Conflict):
        judge(world, own, version=1)
    assert not OverseerVerdict.objects.exists()


def test_of_two_who_decide_at_once_one_wins_and_the_other_reads_what_was_decided(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    told = {"version": own.version, "seen": 0, "at": world.at()}
    give_verdict(own, approves=True, reason="", actor=world.people.get(OVERSEER), **told)
    with pytest.raises(Conflict):
        give_verdict(own, approves=False, reason="ลาป่วย", actor=world.people.office, **told)
    assert OverseerVerdict.objects.get().approves


@pytest.mark.parametrize("who", ["staff", "head", CARRIES, "evaluator", "neighbour", "administrator"])
def test_nobody_else_decides(world, assessed, who):
    report_lines(world, assessed, RESULTS)
    with pytest.raises(Refused):
        judge(world, results(assessed)[0], who, reason="แทน")


def test_the_heads_office_decides_in_the_overseers_place_and_says_why(world, assessed):
    report_lines(world, assessed, RESULTS)
    own = results(assessed)[0]
    with pytest.raises(Refused):
        judge(world, own, "office")
    verdict = judge(world, own, "office", reason="ผู้กำกับดูแลลาป่วย")
    assert verdict.in_place
    assert missing(assessed) == []


def test_a_refusal_needs_a_reason_and_a_result(world, send, words, assessed):
    own = results(assessed)[0]
    with pytest.raises(Refused):
        judge(world, own)
    report_lines(world, assessed, RESULTS)
    version = Result.objects.get(pk=own.pk).version
    sent = {"verdict": "refuse", "reason": " ", "version": version, "seen": 0}
    answer = send(world.people.get(OVERSEER), "desk:oversee", *place(own), **sent)
    assert answer.status_code == 422
    assert "โปรดระบุเหตุผล" in words(answer)
    sent = {"verdict": "approve", "version": version, "seen": 0}
    assert send(world.people.get(OVERSEER), "desk:oversee", *place(own), **sent).status_code == 302
    assert OverseerVerdict.objects.get().approves


def test_what_waits_for_the_named_is_on_their_work(world, visit, words, assessed):
    own = results(assessed)[0]
    url = reverse("desk:result", args=place(own))

    def listed(who):
        return f'href="{url}' in visit(world.people.get(who), "desk:home").content.decode()

    assert (listed(CARRIES), listed(OTHER), listed(OVERSEER)) == (True, True, False)
    save_result(own, {"value": Decimal(86)}, version=1, actor=world.people.get(CARRIES), at=world.at())
    save_figure(own, {"note": "ไม่มีข้อมูล"}, actor=world.people.get(OTHER), at=world.at())
    assert (listed(CARRIES), listed(OTHER), listed(OVERSEER)) == (False, False, True)
    judge(world, own)
    assert not listed(OVERSEER)
    assert "ตัวชี้วัดที่ท่านมีชื่อรับผิดชอบ" not in words(visit(world.people.get(OVERSEER), "desk:home"))


def test_where_nobody_is_named_the_page_has_no_people(world, visit, words, assessed):
    assert 'id="people"' not in visit(world.people.staff, "desk:result", *place(results(assessed)[1])).content.decode()
