"""How each route is asked: its address in a scene, and what a person would send there, filled in rightly."""

from decimal import Decimal
from functools import cache
from io import BytesIO

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.models import User
from accounts.own_forms import EnrolForm
from accounts.people import TOLD
from acts.idempotency import new_key
from acts.waiting import keep
from agreements.clauses import USUAL
from agreements.forms import LineForm, PlanForm, opening_name
from agreements.models import Agreement, Mandate, PlanItem, SigningRule
from agreements.questions_form import QuestionsForm
from agreements.rules import dimensions_of, numbered_lines
from agreements.stages import RELEASED, Stage
from agreements.table_form import TableForm
from agreements.xlsx.book import write
from agreements.xlsx.compare import dry_run
from agreements.xlsx.upload import take
from desk.demo.evidence import evidence_file
from desk.demo.walk import MINUTES
from desk.excel_page import DryRun
from desk.forms.frameworks import FrameworkForm
from desk.forms.incentives import BeginForm, IncentiveTermsForm
from desk.forms.library import NewSheetForm, SheetForm
from desk.forms.people import EditPersonForm
from desk.forms.rules import RuleForm
from desk.forms.years import ChangeYearForm, OpenYearForm
from desk.years_page import setting_of
from fiscal.models import FiscalYear, Holiday
from indicators.frameworks import content_of
from indicators.models import Framework, SheetDraft
from orgunits.models import Appointment, OrgUnit, Post
from orgunits.roles import Role
from results import workbook
from results.appeal_forms import DecisionsForm
from results.forms import ChangeEvidenceForm, EvaluationForm, ResultForm, VisitForm
from results.incentive_terms import taking_part
from results.incentive_walk import hash_decided
from results.models import Scheme
from results.scores import agreed_of, report_card
from results.workbook_in import dry_run as results_dry_run
from tests.agreements.workbooks import Filled
from tests.desk.scene import A_MEETING, HOLIDAY, NOT_THERE, OTHER_SHEET, SHEET, appeal_form
from tests.world import PASSWORD, YEAR
from workflow.amendment_form import AmendLineForm
from workflow.forms import OfferForm
from workflow.lifecycle import TABLE
from workflow.meeting_form import MeetingForm
from workflow.minutes import minutes_of
from workflow.minutes_form import MinutesForm
from workflow.models import Meeting
from workflow.opening import suggested
from workflow.publication import DRAFT_STAGES, paper_to_announce
from workflow.rules import decisions_needed, hash_of_final_scores, hash_of_scores
from workflow.sitting import Shown, waiting
from workflow.sitting_form import seal
from workflow.wording import wording_of

NO_HASH = "0" * 64
NO_CODE = "0" * 32
ROUND, SOME_LINE = 3, 1


def address(scene, route):
    """The path of a route, with what the scene holds of its kind."""
    name = route.partition(":")[0]
    return reverse(namespaces().get(name, "") + name, args=_arguments(scene, route))


@cache
def namespaces():
    """{name of a route: its namespace, and a colon}; of one without, nothing."""
    included = get_resolver().url_patterns
    known = [each for each in included if hasattr(each, "url_patterns")]
    return {pattern.name: f"{each.namespace}:" for each in known for pattern in each.url_patterns}


def _arguments(scene, route):
    code = scene.agreement.code
    if route.startswith("move:"):
        return [code, route.removeprefix("move:")]
    if route in NO_AGREEMENT:
        return NO_AGREEMENT[route](scene)
    if route not in of_agreements():
        return []
    return [code, *PLACES.get(route, lambda scene: [])(scene)]


@cache
def of_agreements():
    """The names of the routes whose address begins with an agreement."""
    return {
        pattern.name
        for each in get_resolver().url_patterns
        if hasattr(each, "url_patterns")
        for pattern in each.url_patterns
        if str(pattern.pattern).startswith("agreements/<code:code>/")
    }


def _account(scene):
    """The account that administrators do something about: of somebody with one role."""
    return User.objects.get(username="kanda")


def _own_post(scene):
    """The appointment of the head of the unit."""
    return Appointment.objects.own().get(post__unit=scene.agreement.unit, post__kind=Post.Kind.HEAD)


def _group():
    """The group with a member and a role."""
    return Group.objects.get(name="คณะทำงานแผน")


NO_AGREEMENT = {
    **dict.fromkeys(
        ("person", "edit_person", "invite_person", "close_account", "reopen_account", "unlock_person", "give_role"),
        lambda scene: [_account(scene).pk],
    ),
    "remove_persons_factor": lambda scene: [_account(scene).pk],
    "persons_rights": lambda scene: [_account(scene).pk],
    "unit_rights": lambda scene: [scene.agreement.unit.code],
    **dict.fromkeys(("group", "rename_group", "add_member", "give_group_role"), lambda scene: [_group().pk]),
    "delete_group": lambda scene: [Group.objects.get(name="กลุ่มว่าง").pk],
    "remove_member": lambda scene: [_group().pk, _group().user_set.get().pk],
    "take_group_role": lambda scene: [_group().pk, _group().unitgroupgrant_set.get().pk],
    "take_role": lambda scene: [_account(scene).pk, _account(scene).unitusergrant_set.get().pk],
    "unit_posts": lambda scene: [scene.agreement.unit.code],
    "print_agreements": lambda scene: [scene.agreement.unit.code, YEAR],
    **dict.fromkeys(("print_run_file", "print_run_again"), lambda scene: [1]),
    **dict.fromkeys(("appoint", "delegate"), lambda scene: [scene.agreement.unit.code, _own_post(scene).post_id]),
    **dict.fromkeys(("end_appointment", "appointment_order"), lambda scene: [_own_post(scene).pk]),
    "invitation": lambda scene: [NO_CODE],
    "calendar": lambda scene: [NO_CODE],
    "manual_page": lambda scene: ["staff"],
    **dict.fromkeys(("unit_overview", "overview_file", "remind_late"), lambda scene: ["IMM"]),
    "unit_cascade": lambda scene: ["IMM"],
    "unit": lambda scene: [scene.agreement.unit.code],
    "units_below": lambda scene: ["IMM"],
    **dict.fromkeys(("year", "change_year", "draft_all", "drafting", "draft_all_again"), lambda scene: [YEAR + 1]),
    "remove_holiday": lambda scene: [Holiday.objects.get(day=HOLIDAY).pk],
    "year_framework": lambda scene: [YEAR + 1, 3],
    **dict.fromkeys(("year_meetings", "add_year_meeting"), lambda scene: [YEAR + 1]),
    **dict.fromkeys(("incentive", "incentive_terms", "decide_incentives"), lambda scene: [YEAR, "IMM"]),
    **dict.fromkeys(("publish_incentives", "reopen_incentives"), lambda scene: [YEAR + 1, "RTP"]),
    **dict.fromkeys(("withdraw_incentives", "public_incentive"), lambda scene: [YEAR, "RTP"]),
    "meeting": lambda scene: [Meeting.objects.get(subject=A_MEETING).pk],
    "meeting_file": lambda scene: [Meeting.objects.get(subject=A_MEETING).pk, 1],
    "compare_frameworks": lambda scene: [YEAR + 1, 3],
    **dict.fromkeys(("clause_wording", "signing_rules", "new_signing_rule"), lambda scene: [YEAR + 1]),
    **dict.fromkeys(("signing_rule", "end_signing_rule"), lambda scene: [YEAR + 1, _rule().pk]),
    "create_agreement": lambda scene: [scene.agreement.unit.code, YEAR + 1],
    **dict.fromkeys(
        ("sheet", "edit_sheet", "discard_draft", "publish_sheet", "retire_sheet", "push_sheet", "sheet_answers"),
        lambda scene: [SHEET],
    ),
    "note_mention": lambda scene: [scene.mention_id],
    "take_back_mandate": lambda scene: [SHEET, _mandate().pk],
    "document": lambda scene: [scene.document_id(0)],
    "document:proof": lambda scene: [scene.document_id(-1)],
    "verify_code": lambda scene: [_code(scene)],
    "public_list_file": lambda scene: ["csv"],
    **dict.fromkeys(("public_agreement", "public_document"), lambda scene: [YEAR, scene.agreement.unit.code]),
    "public_file": lambda scene: [YEAR, scene.agreement.unit.code, "csv"],
}


def _code(scene):
    return scene.documents[0].code if scene.documents else NO_CODE


def _result(scene):
    return [ROUND, scene.result.line.key if scene.result else SOME_LINE]


def _announced_kind(scene):
    """What can be announced at the stage: the draft while it is negotiated and signed, else what is signed."""
    return "draft" if scene.agreement.stage in DRAFT_STAGES else "signed"


PLACES = {
    "incentive_letter": lambda scene: [NOT_THERE],
    "restore_line": lambda scene: [0],  # there is none
    **dict.fromkeys(("announce", "withdraw_announcement"), lambda scene: [_announced_kind(scene)]),
    "make_document_again": lambda scene: [scene.document_id(0)],
    "add_plan_item": lambda scene: ["goal", scene.goals[0].parent_id],
    "save_plan_item": lambda scene: [scene.strategy.pk],
    "shift_plan_item": lambda scene: [scene.goals[1].pk, "up"],
    "remove_plan_item": lambda scene: [scene.strategy.pk],
    "line": lambda scene: [scene.last_line.pk],
    **dict.fromkeys(("line_field", "line_formula"), lambda scene: [scene.last_line.pk]),
    "shift_line": lambda scene: [scene.first_line.pk, "down"],
    "answer_version": lambda scene: [scene.first_line.pk],
    "remove_line": lambda scene: [scene.last_line.pk],
    **dict.fromkeys(("amendment", "sign_amendment", "read_amendment", "refuse_amendment"), lambda scene: [1]),
    "amend_line": lambda scene: [1, scene.last_line.pk],
    "amendment_move": lambda scene: [1, "ask"],
    "offer": lambda scene: [scene.last_line.pk],
    "answer_offer": lambda scene: [scene.offer_id, "accept"],
    "minutes_paper": lambda scene: [1],
    "redline_paper": lambda scene: [1, 2],
    "minutes_file": lambda scene: [1, 1],
    "comment_file": lambda scene: [scene.comment_id, 1],
    **dict.fromkeys(("report", "report_working"), lambda scene: [ROUND]),
    "report_working_file": lambda scene: [ROUND, "xlsx"],
    "evaluation_working_file": lambda scene: ["xlsx"],
    "extend_report": lambda scene: [ROUND],
    "end_report_time": lambda scene: [ROUND, scene.time_given.pk if scene.time_given else SOME_LINE],
    "result": _result,
    "result_field": _result,
    "result_score": _result,
    "add_evidence": _result,
    "evidence": lambda scene: [*_result(scene), scene.evidence_id],
    "remove_evidence": lambda scene: [*_result(scene), scene.evidence_id],
    "visit": lambda scene: [scene.visit.pk if scene.visit else NOT_THERE],
    **dict.fromkeys(("report_paper", "results_excel", "results_file", "take_results"), lambda scene: [ROUND]),
    **dict.fromkeys(("collect", "oversee"), _result),
    "take_collected": lambda scene: [*_result(scene), scene.collected_id],
    **dict.fromkeys(("change_evidence", "evidence_preview"), lambda scene: [*_result(scene), scene.evidence_id]),
    "add_appeal_file": lambda scene: scene.appeal_file[:1],
    **dict.fromkeys(("appeal_file", "appeal_file_preview", "remove_appeal_file"), lambda scene: scene.appeal_file),
    "finding_score": lambda scene: [scene.findings[0].line.key if scene.findings else SOME_LINE],
}


def filled(form):
    """What a browser would send of a form as it is shown."""
    data = {form.add_prefix(bound.name): _as_sent(bound.value()) for bound in form}
    hidden = (bound for bound in form if bound.field.show_hidden_initial)
    return data | {bound.html_initial_name: _as_sent(bound.initial) for bound in hidden}


def _as_sent(value):
    return "" if value is None else str(value)


def query(scene, route):
    """What a GET carries behind its question mark."""
    if route == "line_formula":
        return {"expression": "A ÷ B × 100", "items-0-symbol": "A", "items-1-symbol": "B"}
    if route == "result_score":
        return {"value": "90"}
    if route == "search":
        return {"q": scene.first_line.name}
    return _evaluation(scene) if route == "finding_score" else {}


def payload(scene, route, user):
    """The fields that a POST to the route brings."""
    if route.startswith("move:"):
        return _move(scene, TABLE.get(route.removeprefix("move:")))
    return PAYLOADS[route](scene, user) if route in PAYLOADS else {}


def headers(scene, route):
    """The field that autosave saves is named in a header."""
    fields = {"line_field": "definition", "result_field": "narrative"}
    if route == "finding_field":
        fields[route] = f"reason-{scene.findings[0].finding.pk}" if scene.findings else "reason-1"
    if route == "appeal_field":
        fields[route] = _appealed(scene)
    return {"HX-Trigger-Name": fields[route]} if route in fields else {}


def _confirmed(scene):
    return {"version": scene.agreement.version, "idempotency": new_key()}


def _move(scene, step):
    given = _confirmed(scene) | {"reason": "โปรดแก้ไขเป้าหมายของตัวชี้วัดที่ 1.1"}
    if step.name == "take_from_paper":
        given |= {"document_number": "ตม.1 0029.12/881", "document_date": today()}
    if step.step_up:
        given |= {"password": PASSWORD, "sha256": _hash(scene)}
    return given


def _hash(scene):
    if scene.agreement.stage in RELEASED:
        return hash_of_final_scores(scene.agreement)
    return hash_of_scores(scene.agreement) if scene.evaluation else NO_HASH


def _sign(scene, user):
    sha256 = scene.snapshot.sha256 if scene.snapshot else NO_HASH
    return _confirmed(scene) | {"password": PASSWORD, "sha256": sha256}


def _sitting(scene, user):
    """All of it that waits for the person, as the page shows it once they have read it; nothing for others."""
    waits = waiting(user, timezone.now()).filter(pk=scene.agreement.pk) if user else ()
    shown = [Shown(each.code, each.version, each.sha256) for each in waits]
    sent = {"password": PASSWORD, "idempotency": new_key(), "chosen": [each.name for each in shown]}
    return sent | {"shown": seal(shown, user) if user else ""}


def _read(scene, user):
    return {"sha256": scene.snapshot.sha256 if scene.snapshot else NO_HASH, "idempotency": new_key()}


def _announce(scene, user):
    paper = paper_to_announce(scene.agreement, _announced_kind(scene))
    sha256 = paper.snapshot.sha256 if paper else NO_HASH
    return {"version": 1, "sha256": sha256, "password": PASSWORD, "reason": "พิมพ์ผิด", "idempotency": new_key()}


def incentive_terms_form(scene):
    """The form of the terms that are being set."""
    scheme = Scheme.objects.get(unit__code="IMM", fiscal_year__year=YEAR)
    agreements = list(taking_part(scheme.fiscal_year, scheme.unit, Scheme.Level.ALL))
    return IncentiveTermsForm(scheme=scheme, agreements=agreements)


def _incentive_terms(scene, user):
    return filled(incentive_terms_form(scene)) | {"gate": "3.5", "save": "1"}


def begin_incentives_form(scene):
    return BeginForm(years=[YEAR + 1, YEAR], units=OrgUnit.objects.filter(code__in=["IMM", "OCG"]))


def _begin_incentives(scene, user):
    unit = OrgUnit.objects.get(code="IMM")
    return {"year": YEAR + 1, "unit": unit.pk, "idempotency": new_key()}


def _of_incentives(year):
    """What is sent with a move of the organisation's incentives of that year."""

    def sent(scene, user):
        scheme = Scheme.objects.get(unit__code="RTP", fiscal_year__year=year)
        given = {"version": scheme.version, "sha256": hash_decided(scheme), "password": PASSWORD}
        return given | {"reason": "คำนวณผิด", "idempotency": new_key()}

    return sent


def _refuse(scene, user):
    return _confirmed(scene) | {"reason": "เป้าหมายของตัวชี้วัดที่ 1.1 ยังไม่ชัดเจน"}


def _line(scene, user):
    line = scene.last_line
    return filled(LineForm(line=line)) | {"definition": "คำนิยามที่แก้ไขแล้ว", "version": line.version}


def _excel(scene, user):
    return {"file": SimpleUploadedFile("ตัวชี้วัด.xlsx", _filled_in(scene)[0])}


def _took_excel(scene, user):
    content, seal = _filled_in(scene)
    seen = DryRun(keep(content), "ตัวชี้วัด.xlsx", scene.agreement.pk, user.pk if user else 0, seal)
    return {"dry_run": seen.signed(), "idempotency": new_key()}


def _filled_in(scene):
    """(the agreement's Excel file with another definition in its last line, the seal of its dry run); made once."""
    lines = numbered_lines(scene.agreement)
    return _made_once(
        scene.agreement.code, lines[-1].number, tuple((each.line.pk, each.line.version) for each in lines)
    )


@cache
def _made_once(code, number, _as_it_stands):
    agreement = Agreement.objects.get(code=code)
    with translation.override("th"):
        file = Filled(write(agreement))
        file[number, "definition"] = "คำนิยามที่แก้ไขแล้ว"
        return file.bytes(), dry_run(agreement, take(file.bytes())).seal()


def _weights(scene, user):
    return table_sent(scene.agreement) | {f"weight-{numbered_lines(scene.agreement)[-1].line.pk}": "14.50"}


def table_sent(agreement, **changed):
    """What a browser would send of the table of indicators as it is shown, with what is `changed`."""
    form = TableForm(numbered=numbered_lines(agreement), dimensions=dimensions_of(agreement))
    found = {}
    for row in form.rows:
        found |= {row.version_name: row.version, f"seen-{row.numbered.line.pk}": row.seen}
        found |= {cell.name: cell.value for cell in row.cells if cell and not cell.locked}
    return found | {name: "" for name in form.fields if name.startswith("new-")} | changed


def _plan(scene, **changed):
    """The plan's one form, with what differs from the plan as it stands."""
    form = PlanForm(plan=scene.agreement.plan)
    rows = {row for row, _column in form.places.values()}
    versions = {form.version_name(row): row.version for row in rows}
    return filled(form) | versions | {"idempotency": new_key()} | changed


def _added(scene, user):
    issue = scene.goals[0].parent
    return _plan(scene, **{opening_name(PlanItem.Kind.GOAL, issue): "เป้าประสงค์เพิ่มเติม"})


def _rewritten(scene, user):
    return _plan(scene, **{f"text-{scene.strategy.pk}": "กลยุทธ์ที่แก้ไขแล้ว"})


def _offer(scene, user):
    line = scene.last_line
    return filled(OfferForm(line=line)) | {"target": str(line.target + Decimal(1)), "reason": "ผลปีก่อนถึงเป้าหมายแล้ว"}


def amend_line_form(scene):
    return AmendLineForm(line=scene.last_line, proposed={}, initial={"seen": 0})


def _of_amendment(scene):
    return {"version": scene.amendment.version if scene.amendment else 1, "idempotency": new_key()}


def _amended_line(scene, user):
    return filled(amend_line_form(scene)) | {"definition": "คำนิยามที่ขอแก้ไข", "reason": "ตามงบประมาณที่เหลือ"}


def today():
    """The date, as people write it."""
    on = timezone.localdate()
    return f"{on.day}/{on.month}/{on.year + 543}"


def _minutes(scene, user):
    kept = minutes_of(scene.agreement)
    version = kept.version if kept and scene.agreement.stage == Stage.FORMAL else 0
    return filled(minutes_form(scene)) | {**MINUTES, "held_on": today(), "place": "ห้องประชุม 2", "version": version}


def meeting_form(meeting):
    return MeetingForm(meeting=meeting, today=timezone.localdate())


def _meeting(meeting):
    told = {"subject": "ประชุมพิจารณาร่างตัวชี้วัด", "held_on": today(), "place": "ห้องประชุม 2", "decisions": "เห็นชอบ"}
    row = {"name": "พ.ต.อ. ธนา ศรีสุข", "post": "รอง ผบก.", "duty": "ประธาน", "came": "yes"}
    cells = {f"people-0-{column}": text for column, text in row.items()}
    fields = filled(meeting_form(meeting))
    fields.pop("people")  # as one text it would stand before its cells
    return fields | told | cells


def minutes_form(scene):
    lines = decisions_needed(scene.agreement)
    return MinutesForm(today=timezone.localdate(), lines=lines, decided={}, auto_id="minutes-%s")


def _written_result(scene, user):
    if scene.result is None:
        return {}
    row = scene.result
    form = ResultForm(result=row.result, line=row.line)
    return filled(form) | {"narrative": "ดำเนินการแล้วเสร็จ", "version": row.result.version}


def _evidence(scene, user):
    return {"file": evidence_file("สรุปผล", ["ไตรมาส 4"]), "proves": "สรุปผลทั้งปี"}


def change_evidence_form(scene):
    return scene.evidence and ChangeEvidenceForm(evidence=scene.evidence)


def _changed_evidence(scene, user):
    return filled(change_evidence_form(scene)) | {"proves": "หน้า 3"} if scene.evidence else {}


def _verdict(scene, user):
    version = scene.result.result.version if scene.result else 1
    return {"verdict": "approve", "version": version, "seen": 0, "reason": "ผู้กำกับดูแลลา"}


def _results_file(scene):
    """(the results' Excel file with what was done in its first row, the seal of its dry run)."""
    with translation.override("th"):
        card = report_card(scene.report)
        book = load_workbook(BytesIO(workbook.write(scene.report, card)))
        book[workbook.RESULTS].cell(workbook.FIRST, workbook.LEADING + 2).value = "ดำเนินการแล้วเสร็จ"
        out = BytesIO()
        book.save(out)
        return out.getvalue(), results_dry_run(scene.report, card, out.getvalue()).seal()


def _results_excel(scene, user):
    return {"file": SimpleUploadedFile("ผล.xlsx", _results_file(scene)[0] if scene.report else b"")}


def _took_results(scene, user):
    content, seal = _results_file(scene) if scene.report else (b"", "")
    seen = DryRun(keep(content), "ผล.xlsx", scene.agreement.pk, user.pk if user else 0, seal)
    return {"dry_run": seen.signed(), "idempotency": new_key()}


def _evaluation(scene, user=None):
    if not scene.findings:
        return {}
    versions = {f"version-{row.finding.pk}": row.finding.version for row in scene.findings}
    changed = {f"reason-{scene.findings[0].finding.pk}": "ตรวจจากหลักฐานแล้ว"}
    return filled(EvaluationForm(rows=scene.findings)) | versions | changed


def _appeal(scene, user=None):
    """An objection while the appeal is the unit's, a decision once it has been lodged."""
    form = appeal_form(scene)
    if form is None:
        return {}
    versions = {f"version-{each.pk}": each.version for _line, each in form.lines}
    changed = {_appealed(scene): "เพิ่มเติมหลักฐานแล้ว"}
    return filled(form) | versions | {"version": scene.appeal.panel.version} | changed


def _appealed(scene):
    """The field of the first line's text."""
    form = appeal_form(scene)
    text = "reason" if isinstance(form, DecisionsForm) else "objection"
    return f"{text}-{form.lines[0][1].pk if form and form.lines else SOME_LINE}"


def visit_form(scene, visit=None):
    agreed = agreed_of(scene.report).lines if scene.evaluation else []
    return VisitForm(agreed=agreed, today=timezone.localdate(), visit=visit)


def _visit(scene, visit):
    told = {"visited_on": today(), "place": "ด่านตรวจคนเข้าเมืองสะเดา", "people": "ผู้ประเมินสองคน", "seen": "ตรงตามรายงาน"}
    fields = filled(visit_form(scene, visit))
    fields.pop("lines")  # a list; none is chosen
    return fields | told


def _new_year(scene, user):
    return filled(OpenYearForm(setting=suggested(YEAR + 2), initial={"year": YEAR + 2})) | {"confirm": "1"}


def _called(scene, user):
    year = FiscalYear.objects.get(year=YEAR + 1)
    form = ChangeYearForm(setting=setting_of(year), initial={"version": year.version})
    return filled(form) | {"call_number": "นร 1200/ว 15", "call_date": "2/8/2570"}


def _framework(scene, user):
    framework = Framework.objects.get(fiscal_year__year=YEAR + 1, tier=3)
    form = FrameworkForm(content=content_of(framework), initial={"version": framework.version})
    return filled(form) | {"name": "กรอบการประเมินผลที่แก้ไขแล้ว"}


def _rule():
    return SigningRule.objects.get(case="division_elsewhere", last_year=None)


def _worded_anew(scene, user):
    """The unit's deputy signs with the head."""
    form = RuleForm(wording=wording_of(_rule()), initial={"version": _rule().version})
    return filled(form) | {"annexes": _rule().annexes, "makers": "head_and_deputy", "confirm": "1"}


def _new_person(scene, user):
    named = {"rank": "ร.ต.ท.", "first_name": "มานี", "last_name": "มีใจ"}
    return {"username": "manee", "idempotency": new_key(), **named}


def _another_rank(scene, user):
    person = _account(scene)
    shown = {name: getattr(person, name) for name in TOLD} | {"unit": None}
    return filled(EditPersonForm(initial=shown, units=OrgUnit.objects.all())) | {"rank": "พ.ต.ต."}


def _first_code(scene, user):
    secret = generate_totp_secret()
    signed = signing.dumps([user and user.pk, secret], salt=EnrolForm.__name__)
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    return {"password": PASSWORD, "one_time_code": code, "secret": signed, "idempotency": new_key()}


def _order(scene, user):
    """An order to act for the head, or that delegates."""
    order = {"order_number": "สตม. 214/2569", "order_date": today(), "since": today(), "scope": "all"}
    return {"user": "kanda", "capacity": "acting", "password": PASSWORD, "idempotency": new_key(), **order}


def _given_role(scene, user):
    return {"role": Role.OFFICE, "unit": scene.agreement.unit_id, "idempotency": new_key()}


def _draft(scene=None):
    return SheetDraft.objects.get(sheet__code=SHEET)


def new_sheet_form(scene=None):
    return NewSheetForm(line=SheetDraft(), units=OrgUnit.objects.all())


def _new_sheet(scene, user):
    kept = {"unit_sets": ["weight", "target"], "name": "ตัวชี้วัดใหม่ของคลัง", "code": "RTP-77"}
    return filled(new_sheet_form()) | kept


def edit_sheet_form(scene=None):
    return SheetForm(line=_draft())


def _mandate():
    return Mandate.objects.get(sheet__code=SHEET)


def _edited_sheet(scene, user):
    return filled(edit_sheet_form()) | {"unit_sets": ["weight"], "definition": "แก้ไขแล้ว", "version": _draft().version}


def _published_sheet(scene, user):
    told = {"note": "ปรับคำนิยาม", "answer_by": today()}
    return told | {"version": _draft().version, "idempotency": new_key()}


def _taken_sheet(scene, user):
    return {"sheet": OTHER_SHEET, "dimension": scene.first_line.dimension_id, "idempotency": new_key()}


PAYLOADS = {
    "remind_late": lambda scene, user: {"chosen": [NO_CODE], "idempotency": new_key()},
    "amendments": lambda scene, user: {"reason": "งบประมาณลดลงระหว่างปี", "idempotency": new_key()},
    "amend_line": _amended_line,
    "amendment_move": lambda scene, user: _of_amendment(scene),
    "new_sheet": _new_sheet,
    "edit_sheet": _edited_sheet,
    "publish_sheet": _published_sheet,
    "discard_draft": lambda scene, user: {"version": _draft().version, "idempotency": new_key()},
    "retire_sheet": lambda scene, user: {"why": "ใช้ตัวชี้วัดอื่นแทน", "idempotency": new_key()},
    "push_sheet": lambda scene, user: {
        "tiers": ["3"],
        "units": "",
        **{f"dimension_{tier}": "1" for tier in (1, 2, 3)},
        "idempotency": new_key(),
    },
    "take_back_mandate": lambda scene, user: {"why": "ใช้ตัวชี้วัดอื่นแทน", "idempotency": new_key()},
    "take_sheet": _taken_sheet,
    "answer_version": lambda scene, user: {"object": "1", "reason": "ไม่มีข้อมูลย้อนหลัง", "idempotency": new_key()},
    **dict.fromkeys(("appoint", "delegate"), _order),
    "end_appointment": lambda scene, user: {"until": today(), "idempotency": new_key()},
    "open_year": _new_year,
    "change_year": _called,
    "year_framework": _framework,
    "holidays": lambda scene, user: {"day": "21/5/2570", "name": "วันหยุดพิเศษ", "idempotency": new_key()},
    "draft_all": lambda scene, user: {"idempotency": new_key()},
    "print_agreements": lambda scene, user: {"idempotency": new_key()},
    "clause_wording": lambda scene, user: {
        **USUAL,
        "with_minutes": "True",
        "version": "0",
        "idempotency": new_key(),
    },
    **dict.fromkeys(("new_signing_rule", "signing_rule"), _worded_anew),
    "end_signing_rule": lambda scene, user: {"version": _rule().version},
    "profile": lambda scene, user: {"email": "", "phone": "0 2141 9900"},
    "change_password": lambda scene, user: {
        "old_password": PASSWORD,
        **dict.fromkeys(("password1", "password2"), "ศาลาริมน้ำสี่มุม"),
    },
    "enrol": _first_code,
    "add_person": _new_person,
    "edit_person": _another_rank,
    "invite_person": lambda scene, user: {"idempotency": new_key()},
    "remove_persons_factor": lambda scene, user: {"password": PASSWORD, "idempotency": new_key()},
    "give_role": _given_role,
    "add_group": lambda scene, user: {
        "name": "กลุ่มใหม่",
        "unit": scene.agreement.unit_id,
        "idempotency": new_key(),
    },
    "rename_group": lambda scene, user: {"name": "ชื่ออื่น", "idempotency": new_key()},
    "add_member": lambda scene, user: {"person": "kanda", "idempotency": new_key()},
    "give_group_role": _given_role,
    **dict.fromkeys(("add_meeting", "add_year_meeting"), lambda scene, user: _meeting(None)),
    "add_visit": lambda scene, user: _visit(scene, None),
    "visit": lambda scene, user: _visit(scene, scene.visit),
    "meeting": lambda scene, user: _meeting(Meeting.objects.get(subject=A_MEETING)),
    "sign_in": lambda scene, user: {"username": (user or User.objects.first()).username, "password": PASSWORD},
    "language": lambda scene, user: {"language": "en", "next": reverse("desk:verify")},
    "theme": lambda scene, user: {"theme": "dark", "next": reverse("desk:verify")},
    "verify": lambda scene, user: {"code": _code(scene)},
    "verify_file": lambda scene, user: {"file": evidence_file("คำรับรอง", ["ไม่ได้ออกจากระบบนี้"])},
    "plan": lambda scene, user: _plan(scene, vision="วิสัยทัศน์ที่แก้ไขแล้ว"),
    "add_plan_item": _added,
    "save_plan_item": _rewritten,
    "shift_plan_item": lambda scene, user: _plan(scene),
    "excel": _excel,
    "take_excel": _took_excel,
    "weights": _weights,
    "shift_line": _weights,
    "line": _line,
    "line_field": _line,
    "add_line": lambda scene, user: {"dimension": scene.first_line.dimension_id, "name": "ตัวชี้วัดใหม่"},
    "questions": lambda scene, user: (
        filled(QuestionsForm(agreement=scene.agreement)) | {f"develops-{scene.first_line.pk}": "พัฒนาการให้บริการ"}
    ),
    "offer": _offer,
    "comment": lambda scene, user: {"text": "ขอทราบแหล่งข้อมูล", "line": scene.last_line.pk, "idempotency": new_key()},
    "minutes": _minutes,
    "signing": _sign,
    **dict.fromkeys(("announce", "withdraw_announcement"), _announce),
    "begin_incentives": _begin_incentives,
    "incentive_terms": _incentive_terms,
    "decide_incentives": lambda scene, user: {
        "version": 1,
        "sha256": NO_HASH,
        "password": PASSWORD,
        "idempotency": new_key(),
    },
    **dict.fromkeys(("publish_incentives", "reopen_incentives"), _of_incentives(YEAR + 1)),
    "withdraw_incentives": _of_incentives(YEAR),
    "sitting": _sitting,
    "sign_amendment": lambda scene, user: _of_amendment(scene) | {"sha256": NO_HASH, "password": PASSWORD},
    "read_amendment": lambda scene, user: {"sha256": NO_HASH, "idempotency": new_key()},
    "refuse_amendment": lambda scene, user: _of_amendment(scene) | {"reason": "ขอทบทวน"},
    "read_to_sign": _read,
    "refuse_to_sign": _refuse,
    "extend_report": lambda scene, user: {
        "until": "20 ก.ย. 2571",
        "reason": "ระบบข้อมูลกลางปิดปรับปรุง",
        "idempotency": new_key(),
    },
    "end_report_time": lambda scene, user: {"idempotency": new_key()},
    "result": _written_result,
    "result_field": _written_result,
    "add_evidence": _evidence,
    "change_evidence": _changed_evidence,
    "collect": lambda scene, user: {"note": "นับจากระบบ"},
    "take_collected": lambda scene, user: {"version": scene.result.result.version if scene.result else 1},
    "oversee": _verdict,
    "results_excel": _results_excel,
    "take_results": _took_results,
    "evaluation": _evaluation,
    "finding_field": _evaluation,
    **dict.fromkeys(("appeal", "appeal_field"), _appeal),
    "add_appeal_file": _evidence,
    "exclusions": lambda scene, user: {
        "line": scene.last_line.pk,
        "moved_to": "",
        "order_number": "ตร. 12/2570",
        "reason": "ยกเลิกโครงการตามมติ",
        "idempotency": new_key(),
    },
    "restore_line": lambda scene, user: {"reason": "มติเปลี่ยนแปลง", "idempotency": new_key()},
}
