"""Where people type on the walk: each field with its page, its form, its turn, who types there, and how much it takes."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import CharField, DecimalField, TextField

from agreements.models import Line, PlanItem
from agreements.stages import Pen, Stage
from tests.desk.asking import address, today
from tests.desk.browser import Browser
from tests.desk.scene import stage_scene, with_documents
from workflow.models import Offer, Proposal

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


TO_A_NUMBER = "answer_offer:counter a number"
REASON = (("reason", "ผลปีก่อนสูงกว่านี้"),)
IN_A_DIMENSION = (("dimension", lambda scene: scene.first_line.dimension_id),)
WORDING = (("definition", "คำนิยามที่เสนอ"),)
MINUTES = (
    ("held_on", lambda scene: today()),
    ("place", "ห้องประชุม 1"),
    ("committee", "ประธานกรรมการ"),
    ("decisions", "เห็นชอบ"),
)

TEXTS = (
    Field("draft", "staff", "line", "name", 500),
    Field("draft", "staff", "line", "unit_of_measure", 100),
    Field("draft", "staff", "line", "definition", 20_000),
    Field("draft", "staff", "line", "text_3", 20_000),
    Field("draft", "staff", "add_line", "name", 500, also=IN_A_DIMENSION),
    Field("draft", "staff", "plan", "vision", 2000),
    Field("draft", "staff", "plan", "mission", 20_000),
    Field("draft", "staff", "plan", strategy, 2000),
    Field("draft", "staff", "plan", issue_blank, 2000),
    Field("draft", "staff", "plan", measure_target, 200),
    Field("returning", "office", "move:return_to_staff", "reason", 2000),
    Field("negotiating", "negotiator", "offer", "definition", 20_000, also=REASON),
    Field("negotiating", "negotiator", "offer", "reason", 2000, also=WORDING),
    Field("negotiating", "negotiator", "comment", "text", 5000),
    Field("answering", "staff", "negotiation", "reason", 2000, action="answer_offer:decline"),
    Field("answering", "staff", "negotiation", "to_value", 20_000, action="answer_offer:counter", also=REASON),
    Field("minutes", "negotiator", "minutes", "decisions", 20_000, also=MINUTES),
    Field("minutes", "negotiator", "minutes", "place", 300, also=MINUTES),
    Field("signing", "head", "refuse_to_sign", "reason", 2000),
    Field("reporting", "staff", "result", "narrative", 20_000),
    Field("reporting", "staff", "amend_line", "definition", 20_000, also=REASON),
    Field("reporting", "staff", "amend_line", "reason", 2000, also=WORDING),
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
    Field("answering", "staff", "negotiation", "to_value", action=TO_A_NUMBER, also=REASON),
    Field("reporting", "staff", "result", "value"),
    Field("reporting", "staff", "amend_line", "weight", also=REASON),
    Field("reporting", "staff", "amend_line", "target", also=REASON),
    Field("evaluating", "evaluator", "evaluation", finding_value),
)


class Typist:
    """Somebody at the page of a field, with the form filled in but for that field."""

    def __init__(self, world, client, field):
        self._sit_down(_scene(world, field), client, field, world.people.get(field.who))

    @classmethod
    def beside(cls, typist, client):
        """The same person at another computer, who opens the page now."""
        other = cls.__new__(cls)
        other._sit_down(typist.scene, client, typist.field, typist.user)
        return other

    def _sit_down(self, scene, client, field, user):
        self.scene, self.field, self.user = scene, field, user
        self.name = field.name if isinstance(field.name, str) else field.name(scene)
        self.browser = Browser(client, user)
        self.page = self.browser.open(address(scene, field.page))
        self.form = self.find(self.page)
        self.form.fields |= {name: str(said(scene)) if callable(said) else said for name, said in field.also}

    def find(self, page):
        """The form on a page."""
        return page.form(self._action(), self.name)

    def _action(self):
        route, _, rest = (self.field.action or self.field.page).partition(":")
        if route == "answer_offer":
            return address(self.scene, route).replace("accept", rest.removesuffix(" a number"))
        return address(self.scene, self.field.action or self.field.page)

    def type(self, text):
        """Type into the field and send the form; gives the answer."""
        self.form.fields[self.name] = text
        return self.browser.send(self.form)

    def leave(self, text):
        """Type into the field and leave it, so that it saves itself; gives the answer."""
        self.form.fields[self.name] = text
        headers = {"HX-Request": "true", "HX-Trigger-Name": self.name}
        return self.browser.client.post(self.form.saving[self.name], self.form.fields, headers=headers)

    def shown(self, page):
        """What stands in the field on a page."""
        return self.find(page).fields[self.name]

    def said(self, page):
        """What is said at the field on a page."""
        return page.errors(self.find(page), self.name)


def _scene(world, field):
    if field.action != TO_A_NUMBER:
        scene = stage_scene(world, "IMM-D1", *TURNS[field.turn])
        if field.name == "level_3":  # which only criteria by values ask for
            Line.objects.filter(pk=scene.last_line.pk).update(kind=Line.Kind.QUANTITATIVE)
        return scene
    walk = world.walk()
    walk.to(Stage.INFORMAL, Pen.NEGOTIATOR)
    walk.offer([("4.1", "target", "7", "ผลปีก่อนถึงเป้าหมายนี้แล้ว")], "โปรดพิจารณา")
    walk.move("hand_back", walk.people.negotiator)
    return with_documents(walk.agreement)


def is_stored(text):
    """Does any row of the product hold this text whole?"""
    return _anywhere(CharField | TextField, text)


def is_stored_number(number):
    """Does any row of the product hold this number, offer it, or propose it?"""
    offered = any(model.objects.filter(to_value=str(number)).exists() for model in (Offer, Proposal))
    return offered or _anywhere(DecimalField, number)


def _anywhere(kind, value):
    return any(
        model._base_manager.filter(**{field.name: value}).exists()
        for model in apps.get_models()
        if model._meta.app_label in ("agreements", "results", "workflow", "acts")
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    )
