"""Field by field: everything is posted to every form, by everybody, at every turn; only what fields.csv allows changes."""

import logging
import os
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.forms.forms import BaseForm
from django.test import Client

from accounts.models import User
from acts.idempotency import new_key
from acts.models import Entry
from agreements.models import Mandate, SigningRule, ThreeAnswers
from fiscal.models import FiscalYear, Holiday
from indicators.models import Framework, Sheet, SheetDraft
from orgunits.models import Appointment, Post, UnitGroupGrant, UnitUserGrant
from results.models import Scheme
from tests.desk.asking import address, headers, of_agreements
from tests.desk.field_table import (
    ANSWERS,
    NOBODY,
    count_tables,
    covered,
    posts,
    routes_told,
    rows,
    takes_posts,
    told,
    unknown_words,
    wrong_counts,
)
from tests.desk.posting import SLIPPED_DATE, SLIPPED_TEXT, everything, slipped_in
from tests.desk.scene import HOLIDAY, stage_scene
from tests.desk.tables import differences, dump, gist
from tests.desk.verdict_table import OTHER_TURNS, ROLES, TURNS
from tests.floors import FLOORS
from tests.world import YEAR
from workflow.models import Comment, Meeting, Minutes, Offer, Proposal, Round

EVERY = 7
# Forms that only choose what is shown, and those that others are made of.
FILTERS = {
    "ListingForm",
    "SearchForm",
    "PeopleForm",
    "InAgreementForm",
    "OnUnitForm",
    "UnitSearchForm",
    "BranchForm",
    "DayForm",
    "LibraryForm",
    "PublicForm",
    "OtherFrameworkForm",
    "ChooseForm",
}
PARTS_OF_OTHERS = {
    "CriteriaFields",
    "ItemsForm",
    "CarryingForm",
    "PeopleFields",
    "DraftForm",
    "LinesForm",
    "NewPasswordMixin",
    "AnswerForm",
    "ToldForm",
    "YearForm",
    "IdempotentForm",
    "TermsForm",
    "MeetingFields",
    "EvidenceFacts",
    "FilesForm",
}


def test_every_form_is_in_the_table():
    known = {name.rpartition(".")[2] for row in rows() for name in row.forms}
    assert _forms() - known - PARTS_OF_OTHERS - FILTERS == set()


def _forms(base=BaseForm):
    found = set()
    for form in base.__subclasses__():
        found |= _forms(form)
        if form.__module__.partition(".")[0] in FLOORS:
            found.add(form.__name__)
    return found


def test_every_route_that_takes_a_form_has_a_row():
    assert takes_posts() - routes_told() == set()


def test_every_row_speaks_of_something_and_none_of_the_same():
    assert [row.line for row in rows() if not covered(row) and row.roles != (NOBODY,)] == []
    assert {row.line: words for row in rows() if (words := unknown_words(row))} == {}
    assert {post: [row.line for row in said] for post, said in told().items() if len(said) > 1} == {}


@pytest.mark.long
@pytest.mark.parametrize("turn", TURNS)
def test_whatever_is_posted_only_the_allowed_fields_change(world, caplog, turn):
    caplog.set_level(logging.ERROR, "django.request")
    poster = Poster(world, turn)
    asked = sorted(post for post in posts() if post[2] == turn and post[0] in takes_posts())
    wrong = [problem for post in asked if _changes(post) and (problem := poster.problem(post))]
    if connection.vendor == "sqlite":  # refusals are judged alike on every database, and asked on one
        for role in ROLES:
            unchanged = [post for post in asked if post[1] == role and not _changes(post) and _has_its_turn(post)]
            wrong += poster.whoever_changed_something(unchanged)
    assert not wrong, f"{len(wrong)} of {len(asked)} posts at {turn}:\n" + "\n".join(wrong)


def _changes(post):
    return any(row.parts for row in told().get(post, ()))


def _has_its_turn(post):
    """Whether a post that changes nothing is made at this turn: each role posts each form at every few turns.

    With EVERY_FIELD=1 at all of them, which takes some minutes.
    """
    route, role, turn = post
    place = sorted(takes_posts()).index(route) + list(ROLES).index(role) + list(TURNS).index(turn)
    return "EVERY_FIELD" in os.environ or route.partition(":")[0] not in of_agreements() or place % EVERY == 0


# Sent as a browser sends files.
WITH_FILES = ("add_evidence", "add_appeal_file")


class Poster:
    """Posts everything to every form at one turn, each time as if nothing else had been posted."""

    def __init__(self, world, turn):
        units = {"IMM-D1"} if turn in OTHER_TURNS else {unit for _person, unit in ROLES.values()}
        self.scenes = {unit: stage_scene(world, unit, *TURNS[turn]) for unit in sorted(units)}
        self.people = {role: world.people.get(person) if person else None for role, (person, _unit) in ROLES.items()}
        self.client = Client(raise_request_exception=False)
        self.sessions = {role: self._session(user) for role, user in self.people.items()}
        self.before, self.logged, self.slipped = dump(), Entry.objects.count(), slipped_in()
        self.sent = {}

    def _session(self, user):
        self.client.cookies = SimpleCookie()
        if user:
            self.client.force_login(user)
        return {name: morsel.value for name, morsel in self.client.cookies.items()}

    def problem(self, post):
        """What is wrong with what changed, as a line; None if it is as the table says."""
        row = told()[post][0]
        scene, user = self.scenes[ROLES[post[1]][1]], self.people[post[1]]
        wanted = {part: _rows(part, scene, user) for part in row.parts}
        with transaction.atomic():
            answer = self._post(post, self._everything(post))
            after = dump()
            found = [*self._wrong_log(user), *self._wrong_changes(wanted, after)]
            transaction.set_rollback(True)
        if answer.status_code >= 400:
            found.insert(0, f"answered {answer.status_code}")
        return f"line {row.line}: {' '.join(post)}: {'; '.join(found)}" if found else None

    def whoever_changed_something(self, refused):
        """Lines on those posts that changed something; together first, as hardly any will."""
        if not self._change_anything(refused):
            return []
        return [f"{' '.join(post)}: {what}" for post in refused if (what := self._change_anything([post]))]

    def _change_anything(self, some):
        with transaction.atomic():
            for post in some:
                self._post(post, self._sent_by_anybody(post))
            logged, changes = Entry.objects.count() - self.logged, differences(self.before, dump())
            transaction.set_rollback(True)
        return gist(changes) + (f" {logged} entries in the log" if logged else "")

    def _sent_by_anybody(self, post):
        """What is posted, made once for all who are refused; a file is read only once."""
        place = post[0], ROLES[post[1]][1]
        if place not in self.sent or post[0] in WITH_FILES:
            self.sent[place] = self._everything(post)
        return self.sent[place] | {"idempotency": new_key()}

    def _everything(self, post):
        route, role, _turn = post
        return everything(self.scenes[ROLES[role][1]], route, self.people[role], self.slipped)

    def _post(self, post, sent):
        route, role, _turn = post
        scene, plain = self.scenes[ROLES[role][1]], route.partition(":")[0] if route in ANSWERS else route
        self.client.cookies = SimpleCookie(self.sessions[role])
        path = address(scene, plain)
        if route in ANSWERS:
            path = path.replace("accept", route.partition(":")[2])
        if route in WITH_FILES:
            return self.client.post(path, sent, headers=headers(scene, plain))
        # As a browser sends a form without a file; a hundred fields in parts take a hundred times as long to read.
        kind = "application/x-www-form-urlencoded"
        return self.client.post(path, urlencode(sent, doseq=True), content_type=kind, headers=headers(scene, plain))

    def _wrong_log(self, user):
        strangers = Entry.objects.order_by("sequence")[self.logged :]
        if user and (others := {entry.actor_id for entry in strangers} - {user.pk}):
            yield f"logged as done by {others}"

    def _wrong_changes(self, wanted, after):
        changes = differences(self.before, after)
        changed = {(change.table, change.row): change.columns for change in changes if change.what == "="}
        allowed = {(part.table, row): part.columns for part, ids in wanted.items() if not part.what for row in ids}
        for place in sorted(changed.keys() | allowed.keys()):
            is_so, should_be = changed.get(place, frozenset()), allowed.get(place, frozenset())
            if is_so != should_be:
                yield f"{place}: too much {sorted(is_so - should_be)}, not changed {sorted(should_be - is_so)}"
        gone = {(change.table, change.row) for change in changes if change.what == "-"}
        going = {(part.table, row) for part, ids in wanted.items() if part.what == "-" for row in ids}
        if gone != going:
            yield f"gone: {sorted(gone)}, not {sorted(going)}"
        yield from wrong_counts(wanted, count_tables(changes))
        for change in changes:
            yield from _slipped_in(change, after)


def _slipped_in(change, after):
    """What was never asked for, and is now in a row that came or changed."""
    columns, *all_rows = after[change.table]
    row = next((row for row in all_rows if row[0] == change.row), ())
    for name, value in zip(columns, row, strict=False):
        if SLIPPED_TEXT in str(value) or str(value).startswith(SLIPPED_DATE):
            yield f"{change.table}.{name} has become what was slipped in"


def _rows(part, scene, user):
    """The ids of the rows that a part speaks of."""
    return set() if part.what == "+" else {row.pk for row in WHICH[part.which](scene, user)}


def _items(scene, *kinds):
    return scene.agreement.plan.items.filter(kind__in=kinds)


WHICH = {
    "holiday": lambda scene, user: Holiday.objects.filter(day=HOLIDAY),
    "asker": lambda scene, user: [user],
    "first": lambda scene, user: [User.objects.first()],
    "account": lambda scene, user: [User.objects.get(username="kanda")],
    "account's": lambda scene, user: UnitUserGrant.objects.filter(user__username="kanda"),
    "group": lambda scene, user: Group.objects.filter(name="คณะทำงานแผน"),
    "group without roles": lambda scene, user: Group.objects.filter(name="กลุ่มว่าง"),
    "membership": lambda scene, user: User.groups.through.objects.filter(group__name="คณะทำงานแผน"),
    "group's": lambda scene, user: UnitGroupGrant.objects.filter(group__name="คณะทำงานแผน"),
    "head's": lambda scene, user: Appointment.objects.own().filter(
        post__unit=scene.agreement.unit, post__kind=Post.Kind.HEAD
    ),
    "rule": lambda scene, user: SigningRule.objects.filter(case="division_elsewhere", last_year=None),
    "next": lambda scene, user: FiscalYear.objects.filter(year=YEAR + 1),
    "next year's": lambda scene, user: Framework.objects.filter(fiscal_year__year=YEAR + 1, tier=3),
    "sheet": lambda scene, user: Sheet.objects.filter(code="RTP-01"),
    "sheet's mandate": lambda scene, user: Mandate.objects.filter(sheet__code="RTP-01"),
    "sheet's draft": lambda scene, user: SheetDraft.objects.filter(sheet__code="RTP-01"),
    "incentives being set": lambda scene, user: Scheme.objects.filter(stage="draft"),
    "incentives announced": lambda scene, user: Scheme.objects.filter(stage="published"),
    "incentives decided": lambda scene, user: Scheme.objects.filter(stage="decided"),
    "own": lambda scene, user: [scene.agreement],
    "plan": lambda scene, user: [scene.agreement.plan],
    "goals": lambda scene, user: _items(scene, "goal"),
    "texts": lambda scene, user: _items(scene, "issue", "goal", "strategy"),
    "texts besides goals": lambda scene, user: _items(scene, "issue", "strategy"),
    "measures": lambda scene, user: _items(scene, "indicator"),
    "strategy": lambda scene, user: [scene.strategy],
    "all lines": lambda scene, user: scene.agreement.lines.all(),
    "first two lines": lambda scene, user: scene.agreement.lines.all()[:2],
    "lines from the third": lambda scene, user: scene.agreement.lines.all()[2:],
    "last line": lambda scene, user: [scene.last_line],
    "amendment": lambda scene, user: [scene.amendment],
    "proposal": lambda scene, user: Proposal.objects.filter(change__amendment=scene.amendment),
    "offer": lambda scene, user: Offer.objects.filter(pk=scene.offer_id),
    "offered line": lambda scene, user: [Offer.objects.get(pk=scene.offer_id).line],
    "comments": lambda scene, user: Comment.objects.filter(round__agreement=scene.agreement),
    "answers": lambda scene, user: ThreeAnswers.objects.filter(line__agreement=scene.agreement),
    "last line's": lambda scene, user: ThreeAnswers.objects.filter(line=scene.last_line),
    "meeting": lambda scene, user: Meeting.objects.all(),
    "minutes": lambda scene, user: Minutes.objects.filter(round__agreement=scene.agreement),
    "last round": lambda scene, user: [Round.objects.filter(agreement=scene.agreement).latest("pk")],
    "report": lambda scene, user: [scene.report],
    "given": lambda scene, user: [scene.time_given],
    "result": lambda scene, user: [scene.result.result],
    "evidence": lambda scene, user: [type("Row", (), {"pk": scene.evidence_id})],
    "evaluation": lambda scene, user: [scene.evaluation],
    "visit": lambda scene, user: [scene.visit],
    "findings": lambda scene, user: [row.finding for row in scene.findings],
    "appeal": lambda scene, user: [scene.appeal],
    "panel": lambda scene, user: [scene.appeal.panel],
    "appeal lines": lambda scene, user: scene.appeal_lines,
    "objection": lambda scene, user: [each for each in scene.appeal_lines if each.objection],
    "first finding": lambda scene, user: [scene.findings[0].finding],
}
