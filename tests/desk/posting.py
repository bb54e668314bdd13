"""Everything that can be posted to a route: every field of its form, changed, and besides it what no form has.

What no form has is slipped in: each column of each model of the product under its own name, above all the keys of
other rows (agreement, unit, user, id …) and the columns that only acts may write (stage, pen, version …).
"""

from decimal import Decimal

from django import forms
from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.people import TOLD
from acts.idempotency import new_key
from agreements.forms import LineForm, NewLineForm, PlanForm
from agreements.items_form import ExpressionField, ItemsField
from agreements.questions_form import QuestionsForm
from agreements.rules import dimensions_of, numbered_lines
from agreements.table_form import TableForm
from desk.demo.evidence import evidence_file
from desk.forms.exclusions import ExcludeForm, RestoreForm
from desk.forms.giving_time import GiveTimeForm
from desk.forms.people import ContactForm, EditPersonForm, NewPersonForm
from orgunits.models import OrgUnit
from results.appeal_forms import ObjectionFilesForm
from results.forms import EvaluationForm, EvidenceForm, FigureForm, ResultForm
from results.scores import agreed_lines
from tests.desk.asking import (
    amend_line_form,
    begin_incentives_form,
    change_evidence_form,
    edit_sheet_form,
    filled,
    incentive_terms_form,
    meeting_form,
    minutes_form,
    new_sheet_form,
    payload,
    today,
    visit_form,
)
from tests.desk.scene import A_MEETING, appeal_form
from tests.floors import FLOORS
from tests.world import YEAR
from thai.fields import NumberField, ThaiDateField
from thai.numbers import to_arabic
from workflow.forms import CounterForm, DeclineForm, DeferForm, OfferForm
from workflow.models import Meeting, Offer
from workflow.people_field import PeopleField
from workflow.sides import people_of_both_sides
from workflow.talk_form import CommentForm

# Told apart from whatever anybody would type.
SLIPPED_TEXT, SLIPPED_NUMBER, SLIPPED_DATE = "แทรกเข้ามาเอง", 66, "1999-09-09"
# What a route takes besides its form's fields comes from the payload: versions, hash, password, idempotency.
FORMS = {
    **dict.fromkeys(("line", "line_field"), lambda scene: LineForm(line=scene.last_line)),
    **dict.fromkeys(
        ("plan", "add_plan_item", "save_plan_item", "shift_plan_item"),
        lambda scene: PlanForm(plan=scene.agreement.plan),
    ),
    **dict.fromkeys(("weights", "shift_line"), lambda scene: _table(scene.agreement)),
    "add_line": lambda scene: NewLineForm(agreement=scene.agreement),
    "offer": lambda scene: OfferForm(line=scene.last_line),
    "amend_line": amend_line_form,
    "comment": lambda scene: _comment_form(scene),
    "questions": lambda scene: QuestionsForm(agreement=scene.agreement),
    **dict.fromkeys(("result", "result_field"), lambda scene: _result_form(scene)),
    "add_evidence": lambda scene: EvidenceForm(),
    "extend_report": lambda scene: GiveTimeForm(),
    "change_evidence": change_evidence_form,
    "collect": lambda scene: _figure_form(scene),
    **dict.fromkeys(("evaluation", "finding_field"), lambda scene: EvaluationForm(rows=scene.findings)),
    **dict.fromkeys(("appeal", "appeal_field"), appeal_form),
    "add_appeal_file": lambda scene: _files_of_objection(scene),
    "exclusions": lambda scene: ExcludeForm(lines=agreed_lines(scene.agreement).lines) if scene.evaluation else None,
    "restore_line": lambda scene: RestoreForm(),
    "add_visit": lambda scene: visit_form(scene),
    "visit": lambda scene: visit_form(scene, scene.visit),
    "profile": lambda scene: ContactForm(),
    "new_sheet": new_sheet_form,
    "edit_sheet": edit_sheet_form,
    **dict.fromkeys(("add_meeting", "add_year_meeting"), lambda scene: meeting_form(None)),
    "meeting": lambda scene: meeting_form(Meeting.objects.get(subject=A_MEETING)),
    "minutes": minutes_form,
    "incentive_terms": incentive_terms_form,
    "begin_incentives": begin_incentives_form,
    "add_person": lambda scene: NewPersonForm(units=OrgUnit.objects.all(), unit_required=False),
    "edit_person": lambda scene: _person_form(scene),
    "answer_offer:defer": lambda scene: _of_offer(scene, DeferForm),
    "answer_offer:decline": lambda scene: _of_offer(scene, DeclineForm),
    "answer_offer:counter": lambda scene: _of_offer(scene, CounterForm),
}
# Where a value depends on another field: who has a rank has no prefix, and names are Thai.
ORDER = {"delegated_by": "", "fiscal_year": "", "order_by": "ผบช.สตม.", "last_day": ""}
TERM = {"since": "", "until": "", "last_day": ""}
NAMED = {"prefix": "", "rank": "พ.ต.ต.", "first_name": "แก้ไข", "last_name": "แล้ว"}
TOGETHER = {
    "add_person": NAMED | {"username": "manee"},
    "edit_person": NAMED,
    "new_sheet": {"code": "RTP-77"},
    # Tiers begin one above the other, and none has a smaller share than the one below; the year has no scheme yet.
    "incentive_terms": {
        f"band_{place}_{column}": value
        for place in range(1, 6)
        for column, value in (("from", str(place)), ("share", str(place)))
    },
    "begin_incentives": {"year": YEAR + 1},
    "exclusions": {"moved_to": ""},  # not to the line that goes
    "extend_report": {"until": "20 ก.ย. 2571"},
    "appoint": ORDER,
    "delegate": ORDER,
    "give_role": TERM,
    "give_group_role": TERM,
}


def _files_of_objection(scene):
    return ObjectionFilesForm(appealed=scene.appeal_lines[0]) if scene.appeal_lines else None


def _comment_form(scene):
    """About the last line, with the superior as the one who can be called on."""
    people = people_of_both_sides(scene.agreement, timezone.now())
    called = [each for each in people if each.user.username == "somchai"]
    return CommentForm(initial={"line": scene.last_line.pk}, people=called)


def _table(agreement):
    return TableForm(numbered=numbered_lines(agreement), dimensions=dimensions_of(agreement))


def _result_form(scene):
    row = scene.result
    return row and ResultForm(result=row.result, line=row.line)


def _figure_form(scene):
    return scene.result and FigureForm(line=scene.result.line)


def _of_offer(scene, form):
    offer = Offer.objects.filter(pk=scene.offer_id).first()
    return offer and form(offer=offer)


def _person_form(scene):
    person = User.objects.get(username="kanda")
    return EditPersonForm(
        initial={name: getattr(person, name) for name in TOLD} | {"unit": None}, units=OrgUnit.objects.all()
    )


def everything(scene, route, user, slipped):
    """What is posted, by name: a valid new value for each field of the form, and all that is slipped in."""
    form = FORMS.get(route, lambda scene: None)(scene)
    sent = payload(scene, route, user)
    if form is not None:
        changed = {form.add_prefix(bound.name): value for bound in form if (value := another(bound)) is not None}
        sent = filled(form) | sent | changed
    return slipped | {"idempotency": new_key()} | sent | TOGETHER.get(route, {})


def another(bound):
    """A valid value for a field, and not the one it has; None: it stays as it is."""
    field, now = bound.field, bound.value()
    if isinstance(field.widget, forms.HiddenInput):
        return None
    if isinstance(field, forms.FileField):
        return evidence_file("สรุปผล", ["ไตรมาส 4"])
    if isinstance(field, forms.ChoiceField):
        return next((str(key) for key in _keys(field.choices) if key and str(key) != str(now)), None)
    if isinstance(field, forms.BooleanField):
        return "false" if now else "on"
    if isinstance(field, NumberField):
        return "4" if now not in (None, "") and Decimal(to_arabic(str(now)).replace(",", "")) == 3 else "3"
    if isinstance(field, ThaiDateField):
        return today()
    if isinstance(field, PeopleField):
        return "พ.ต.อ. แก้ไข แล้ว\tผกก.\tกรรมการ\tyes"
    if isinstance(field, ItemsField):
        return "ก\tแก้ไขแล้ว items\tคน\t"
    if isinstance(field, ExpressionField):
        return "ก × 100"
    if isinstance(field, forms.EmailField):
        return "changed@example.go.th"
    return f"แก้ไขแล้ว {bound.name}"


def _keys(choices):
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from (inner for inner, _text in label)
        else:
            yield getattr(key, "value", key)


def slipped_in():
    """{column: a value of its kind} of every column of every model of the product; other rows' keys as they are now."""
    found = {"pk": str(SLIPPED_NUMBER)}
    for model in apps.get_models():
        if model._meta.app_label in FLOORS:
            for field in model._meta.fields:
                found[field.name] = found[field.attname] = _slipped(field)
    return {name: value for name, value in found.items() if value is not None}


def _slipped(field):
    if isinstance(field, models.ForeignKey):
        other = field.related_model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        return None if other is None else str(other)
    if field.choices:
        return str(field.choices[-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, (models.DateField, models.DateTimeField)):
        return SLIPPED_DATE
    if isinstance(field, (models.IntegerField, models.DecimalField, models.AutoField)):
        return str(SLIPPED_NUMBER)
    return SLIPPED_TEXT
