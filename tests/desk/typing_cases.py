"""Where people type on the walk: each field with its page, its form, its turn, who types there, and how much it takes."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import CharField, TextField

from agreements.models import PlanItem
from agreements.stages import Pen, Stage
from tests.desk.asking import address
from tests.desk.browser import Browser
from tests.desk.scene import stage_scene
from workflow.offers import make_offer

TURNS = {
    "draft": (Stage.DRAFT, Pen.STAFF),
    "returning": (Stage.DRAFT, Pen.OFFICE),
    "negotiating": (Stage.INFORMAL, Pen.NEGOTIATOR),
    "answering": (Stage.INFORMAL, Pen.STAFF),
    "minutes": (Stage.FORMAL, Pen.NEGOTIATOR),
    "signing": (Stage.SIGNING, Pen.HEAD),
    "reporting": (Stage.ASSESSMENT, Pen.STAFF),
    "evaluating": (Stage.EVALUATION, Pen.EVALUATOR),
}


@dataclass(frozen=True)
class Field:
    """A field of the form that `page` shows and that is sent to `action`; `name` may be asked of the scene."""

    turn: str
    who: str
    page: str
    name: object
    limit: int = 0
    action: str = ""
    also: tuple = ()  # fields that must be filled for the form to be taken

    def __str__(self):
        return f"{self.action or self.page}.{self.name if isinstance(self.name, str) else self.name.__name__}"


def issue_blank(scene):
    return f"new-{PlanItem.Kind.GOAL}-{scene.goals[0].parent_id}"


def strategy(scene):
    return f"text-{scene.strategy.pk}"


def measure_target(scene):
    return f"target-{scene.agreement.plan.items.filter(kind=PlanItem.Kind.INDICATOR).first().pk}"


def finding_reason(scene):
    return f"reason-{scene.findings[0].finding.pk}"


def finding_value(scene):
    return f"value-{scene.findings[0].finding.pk}"


def last_weight(scene):
    return f"weight-{scene.last_line.pk}"


REASON = (("reason", "ผลปีก่อนสูงกว่านี้"),)
WORDING = (("definition", "คำนิยามที่เสนอ"),)
MINUTES = (
    ("held_on", "15/12/2569"),
    ("place", "ห้องประชุม 1"),
    ("committee", "ประธานกรรมการ"),
    ("decisions", "เห็นชอบ"),
)

TEXTS = (
    Field("draft", "staff", "line", "name", 500),
    Field("draft", "staff", "line", "unit_of_measure", 100),
    Field("draft", "staff", "line", "definition", 20_000),
    Field("draft", "staff", "line", "text_3", 20_000),
    Field("draft", "staff", "add_line", "name", 500),
    Field("draft", "staff", "plan", "vision", 2000),
    Field("draft", "staff", "plan", "mission", 20_000),
    Field("draft", "staff", "plan", strategy, 2000),
    Field("draft", "staff", "plan", issue_blank, 2000),
    Field("draft", "staff", "plan", measure_target, 200),
    Field("returning", "office", "move:return_to_staff", "reason", 2000),
    Field("negotiating", "negotiator", "offer", "definition", 20_000, also=REASON),
    Field("negotiating", "negotiator", "offer", "reason", 2000, also=WORDING),
    Field("negotiating", "negotiator", "negotiation", "text", 5000, action="comment"),
    Field("answering", "staff", "negotiation", "reason", 2000, action="answer_offer:decline"),
    Field("answering", "staff", "negotiation", "to_value", 20_000, action="answer_offer:counter", also=REASON),
    Field("minutes", "negotiator", "negotiation", "decisions", 20_000, action="minutes", also=MINUTES),
    Field("minutes", "negotiator", "negotiation", "place", 300, action="minutes", also=MINUTES),
    Field("signing", "head", "refuse_to_sign", "reason", 2000),
    Field("reporting", "staff", "result", "narrative", 20_000),
    Field("evaluating", "evaluator", "evaluation", finding_reason, 2000),
)
NUMBERS = (
    Field("draft", "staff", "line", "weight"),
    Field("draft", "staff", "line", "target"),
    Field("draft", "staff", "line", "past_1"),
    Field("draft", "staff", "line", "level_3"),
    Field("draft", "staff", "weights", last_weight),
    Field("negotiating", "negotiator", "offer", "weight", also=REASON),
    Field("negotiating", "negotiator", "offer", "target", also=REASON),
    Field("negotiating", "negotiator", "offer", "level_3", also=REASON),
    Field("answering", "staff", "negotiation", "to_value", action="answer_number:counter", also=REASON),
    Field("reporting", "staff", "result", "value"),
    Field("evaluating", "evaluator", "evaluation", finding_value),
)


class Typist:
    """Somebody at the page of a field, with the form filled in but for that field."""

    def __init__(self, world, client, field):
        self.field = field
        self.user = world.people.get(field.who)
        self.scene = stage_scene(world, "IMM-D1", *TURNS[field.turn])
        if "answer_number" in field.action:
            self.number_offer = _offered_number(world, self.scene)
        self.name = field.name if isinstance(field.name, str) else field.name(self.scene)
        self.browser = Browser(client, self.user)
        self.open()

    def open(self):
        """Open the page afresh; what must be filled in besides is filled in."""
        self.page = self.browser.open(address(self.scene, self.field.page))
        self.form = self._form(self.page)
        self.form.fields |= dict(self.field.also)

    def _form(self, page):
        found = page.form(self._action(), self.name)
        return found

    def _action(self):
        action = self.field.action or self.field.page
        route, _, answer = action.partition(":")
        if route == "answer_number":
            return address(self.scene, "answer_offer").replace(f"/{self.scene.offer_id}/accept", f"/{self.number_offer}/counter")
        if route == "answer_offer":
            return address(self.scene, route).replace("accept", answer)
        return address(self.scene, action)

    def type(self, text):
        """Type into the field and send the form; gives the answer."""
        self.form.fields[self.name] = text
        return self.browser.send(self.form)

    def shown(self, page):
        """What stands in the field on a page."""
        return self._form(page).fields[self.name]

    def said(self, page):
        """What is said at the field on a page."""
        return page.errors(self._form(page), self.name)


def _offered_number(world, scene):
    """One more offer that waits for the unit, on a number; made while the negotiator had the pen."""
    agreement = scene.agreement
    type(agreement).objects.filter(pk=agreement.pk).update(pen=Pen.NEGOTIATOR)
    offer = make_offer(
        scene.last_line, "target", "7", reason="ผลปีก่อน", actor=world.people.negotiator, at=world.at()
    )
    type(agreement).objects.filter(pk=agreement.pk).update(pen=Pen.STAFF)
    return offer.pk


def is_stored(text):
    """Does any row of the product hold this text whole?"""
    ours = ("agreements", "results", "workflow", "acts")
    return any(
        model._base_manager.filter(**{field.name: text}).exists()
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
    )
