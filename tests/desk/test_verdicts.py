"""Every route × role × stage has a verdict in verdicts.csv, and every one is asked of the running product."""

import logging
import os
import re
from html import unescape
from http.cookies import SimpleCookie

import pytest
from django.db import connection, transaction
from django.test import Client

from acts.models import Entry
from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.walk import STEPS
from orgunits.models import UnitUserGrant
from orgunits.roles import Role
from tests.desk.asking import address, headers, payload, query
from tests.desk.scene import stage_scene
from tests.desk.verdict_table import (
    OTHER_TURNS,
    ROLES,
    STAGES,
    TURNS,
    covered,
    in_sample,
    rows,
    unknown_words,
    verdicts,
)
from tests.desk.written import written_by

# Done, and yet not in the log: they lead on to a page, or ask for work that is on its way already.
LOGS_NOTHING = {
    *("sign_in", "sign_in_code", "sign_out", "language", "theme", "verify", "verify_file", "make_document_again"),
    *("take_over_results", "draft_all_again", "excel", "results_excel", "end_calendar"),
    # There is no second factor to remove or renew, and the account is open.
    *("renew_recovery_codes", "remove_second_factor", "remove_persons_factor", "reopen_account"),
    *(f"move:{name}" for name in ("sign", "sign_along", "countersign", "refuse_to_make", "refuse_to_receive")),
}


def test_every_cell_has_a_verdict():
    without = [cell for cell, said in verdicts().items() if not said]
    assert not without, f"{len(without)} cells without a verdict, such as {without[:5]}"


def test_no_two_rows_disagree():
    disputed = {cell: said for cell, said in verdicts().items() if len(said) > 1}
    assert not disputed, f"{len(disputed)} cells, such as {list(disputed.items())[:5]}"


def test_every_row_speaks_of_something():
    assert [row.line for row in rows() if not covered(row)] == []


def test_no_row_holds_a_word_that_stands_for_nothing():
    assert {row.line: words for row in rows() if (words := unknown_words(row))} == {}


def test_the_table_knows_every_stage_and_every_turn_of_the_walk():
    assert {stage for stage, _pen in STAGES.values()} == set(Stage)
    # The evaluator's turn in the self-assessment comes in interim rounds alone, which this year has none of.
    interim = {(stage, pen) for stage, pen in STEPS if (stage, pen) == ("assessment", "evaluator")}
    assert set(STEPS) - interim == {turn for turn in TURNS.values() if turn[0] != Stage.CLOSED}


@pytest.mark.django_db
def test_the_table_knows_every_role(world):
    asked = {person for person, _unit in ROLES.values() if person}
    granted = UnitUserGrant.objects.filter(user__in=[world.people.get(person) for person in asked])
    assert set(granted.values_list("permission__codename", flat=True)) == set(Role.values)
    assert asked >= {"head", "superior"}


def test_the_sample_asks_each_route_in_every_stage():
    """Of what isn't asked in all of them."""
    asked = {(cell.route, cell.method, cell.stage) for cell in verdicts() if in_sample(cell)}
    assert {(cell.route, cell.method, cell.stage) for cell in verdicts()} == asked


# Asking


@pytest.mark.long
@pytest.mark.parametrize("stage", TURNS)
def test_every_verdict_is_what_the_product_answers(world, caplog, stage):
    caplog.set_level(logging.ERROR, "django.request")
    asked = [cell for cell in verdicts() if cell.stage == stage and _is_asked(cell)]
    asker = Asker(world, stage)
    wrong = [problem for cell in asked if (problem := asker.problem(cell))]
    assert not wrong, f"{len(wrong)} of {len(asked)} cells of {stage}:\n" + "\n".join(wrong)


def _is_asked(cell):
    """Every act that is allowed, and a sample of the rest; with EVERY_VERDICT=1 all.

    PostgreSQL is asked of the sample only what is allowed: refusals are judged alike on all databases.
    """
    ((status, _sentence),) = verdicts()[cell]
    is_let_in = status < 400 and cell.role != "anonymous"
    if os.environ.get("EVERY_VERDICT"):
        return True
    if connection.vendor == "sqlite":
        return in_sample(cell) or (is_let_in and cell.method == "POST")
    return is_let_in and in_sample(cell)


class Asker:
    """Asks the cells of one turn, each as if no other had been asked before."""

    def __init__(self, world, stage):
        units = {"IMM-D1"} if stage in OTHER_TURNS else {unit for _person, unit in ROLES.values()}
        self.scenes = {unit: stage_scene(world, unit, *TURNS[stage]) for unit in sorted(units)}
        self.people = {role: world.people.get(person) if person else None for role, (person, _unit) in ROLES.items()}
        self.client = Client(raise_request_exception=False)
        self.sessions = {role: self._session(user) for role, user in self.people.items()}
        self.before = {unit: _standing(scene) for unit, scene in self.scenes.items()}

    def _session(self, user):
        self.client.cookies = SimpleCookie()
        if user:
            self.client.force_login(user)
        return {name: morsel.value for name, morsel in self.client.cookies.items()}

    def problem(self, cell):
        """What is wrong with the answer to a cell, as a line; None if it is as the table says."""
        unit = ROLES[cell.role][1]
        scene, before = self.scenes[unit], self.before[unit]
        (((status, sentence), lines),) = verdicts()[cell].items()
        with transaction.atomic():
            with written_by() as written:
                answer = self._ask(cell, scene)
            after = _standing(scene) if written else before
            transaction.set_rollback(True)
        found = [*_wrong_answer(answer, status, sentence), *_wrong_effect(cell, status, before, after, written)]
        return f"line {lines[0]}: {' '.join(cell)}: {'; '.join(found)}" if found else None

    def _ask(self, cell, scene):
        self.client.cookies = SimpleCookie(self.sessions[cell.role])
        path, named = address(scene, cell.route), headers(scene, cell.route)
        if cell.method == "GET":
            return self.client.get(path, query(scene, cell.route), headers=named)
        return self.client.post(path, payload(scene, cell.route, self.people[cell.role]), headers=named)


def _wrong_answer(answer, status, sentence):
    if answer.status_code != status:
        yield f"{status} expected, {answer.status_code} answered: {_gist(answer)}"
    elif sentence not in _text(answer):
        yield f"“{sentence}” is not on the page: {_gist(answer)}"


def _text(answer):
    if answer.status_code == 302:
        return answer["Location"]
    return unescape(answer.getvalue().decode(errors="replace"))


def _gist(answer):
    """What the page says in its main part, in short."""
    main = _text(answer).partition("<main")[2] or _text(answer)
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:200]


def _standing(scene):
    agreement = Agreement.objects.get(pk=scene.agreement.pk)
    return Entry.objects.count(), agreement.version, agreement.stage, agreement.pen


def _wrong_effect(cell, status, before, after, written):
    if cell.method == "GET" and written:
        yield f"asking has written: {written[0][:100]}"
    if (cell.method == "GET" or status >= 400) and before != after:
        yield f"nothing should have happened: {before} became {after}"
    done = cell.method == "POST" and status < 400 and cell.role != "anonymous" and cell.route not in LOGS_NOTHING
    if done and after[0] == before[0]:
        yield "nothing is on record of what was done"
