"""No untranslated string on any page, in either language; what is Thai by nature says so on an English page.

Every address is asked, as somebody who may open it and with an empty form, at telling moments of the walk. A page in
English has Thai in elements marked lang="th" alone, and only what people wrote; a page in Thai has no Latin word but
those of the list and those that people wrote.
"""

import logging
import re
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.test import Client

from accounts import ranks
from accounts.models import User
from agreements.clauses import FILLED, PERIOD, USUAL
from agreements.models import Agreement, Line
from agreements.signing_rule import annex_titles
from agreements.stages import Pen, Stage
from desk.demo.years import fiscal_year
from orgunits.models import OrgUnit
from results.models import Evidence
from tests.desk.asking import address, headers, of_agreements, payload, query
from tests.desk.scene import stage_scene
from tests.desk.verdict_table import routes
from tests.page_words import LATIN, THAI, words_of
from tests.world import YEAR
from thai.numbers import to_arabic
from workflow.lifecycle import TABLE
from workflow.signing import CONSENT

# Whose pages of an agreement are opened, and when; and who opens the pages that are no agreement's.
MOMENTS = {
    "a draft, its writer": (Stage.DRAFT, Pen.STAFF, "staff"),
    "a draft, the head's office": (Stage.DRAFT, Pen.OFFICE, "office"),
    "first round, the other side": (Stage.INFORMAL, Pen.NEGOTIATOR, "negotiator"),
    "first round, the answers": (Stage.INFORMAL, Pen.STAFF, "staff"),
    "formal round": (Stage.FORMAL, Pen.NEGOTIATOR, "negotiator"),
    "signing": (Stage.SIGNING, Pen.HEAD, "head"),
    "self-assessment": (Stage.ASSESSMENT, Pen.STAFF, "staff"),
    "evaluation": (Stage.EVALUATION, Pen.EVALUATOR, "evaluator"),
    "appeal": (Stage.APPEAL, Pen.EVALUATOR, "evaluator"),
    "closed, the auditor": (Stage.CLOSED, Pen.NOBODY, "auditor"),
}
ELSEWHERE = ("staff", "superior", "planner", "administrator", None)
# Latin on Thai pages: names of things that have no other, and what a field takes as it is.
LATIN_NAMES = {
    *(
        "English",
        "PDF",
        "SHA",
        "QR",
        "URL",
        "PNG",
        "JPG",
        "DOCX",
        "XLSX",
        "pdf",
        "png",
        "jpg",
        "docx",
        "xlsx",
        "KB",
        "MB",
    ),
    *(
        "Alt",
        "Ctrl",
        "Enter",
        "Shift",
        "Excel",
        "SM",
        "min",
        "max",
        "sum",
        "mean",
        "if",
        "Google",
        "Microsoft",
        "Authenticator",
        "Asia",
        "Bangkok",
    ),
}
MANUAL = settings.BASE_DIR / "docs" / "manual"
# Addresses, hashes, and what look.js fills in.
NO_WORD = re.compile(r"https?://\S+|\b[0-9a-f]{8,}\b|\{\w+\}")

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.fixture
def scene(world, request):
    """The agreement of บก.ตม.1 at a moment; the next fiscal year is open."""
    fiscal_year(YEAR + 1, by=world.people.planner, at=world.at())
    return stage_scene(world, "IMM-D1", *request.param)


@pytest.mark.parametrize(
    ("scene", "role"), [(each[:2], each[2]) for each in MOMENTS.values()], ids=MOMENTS, indirect=["scene"]
)
def test_every_page_of_an_agreement_speaks_one_language(world, scene, role):
    moves = {f"move:{step.name}" for step in TABLE.from_stage(scene.agreement.stage)}
    asked = [route for route in routes() if route in moves | of_agreements() - {"move"}]
    assert _spoken_wrongly(scene, world.people.get(role), asked) == ""


@pytest.mark.parametrize("scene", [(Stage.EVALUATION, Pen.EVALUATOR)], ids=[""], indirect=True)
@pytest.mark.parametrize("role", ELSEWHERE)
def test_every_other_page_speaks_one_language(world, scene, role):
    asked = [route for route in routes() if route.partition(":")[0] not in of_agreements()]
    assert _spoken_wrongly(scene, world.people.get(role) if role else None, asked) == ""


def _spoken_wrongly(scene, user, asked):
    """What is said in the wrong language, a line for each text, with the first page that has it."""
    wrong, pages = {}, 0
    for language, problems in (("en", english_problems), ("th", thai_problems)):
        for place, page in _pages(scene, user, language, asked):
            pages += 1
            for problem in (*_speaks(page, language), *problems(page)):
                wrong.setdefault(problem, f"{language} {place}")
    assert pages > len(asked) / 2, "not enough pages were seen to trust this"
    return "\n".join(f"{place}: {problem}" for problem, place in wrong.items())


def _pages(scene, user, language, asked):
    """(place, page) of every answer that is a page. Forms are sent in Thai, empty and filled: all errors are ours."""
    client = Client(raise_request_exception=False)
    if user:
        User.objects.filter(pk=user.pk).update(language=language)
        client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    kept = dict(client.cookies)
    for route in asked:
        for how in ("GET", "empty POST", "POST") if language == "th" else ("GET",):
            with transaction.atomic():
                answer = _ask(client, how, scene, route, user)
                page = _page(answer)
                transaction.set_rollback(True)
            client.cookies.clear()
            client.cookies.update(kept)
            if page:
                yield f"{how} {route} {answer.status_code}", page


def _ask(client, how, scene, route, user):
    path, named = address(scene, route), headers(scene, route)
    if how == "GET":
        return client.get(path, query(scene, route), headers=named)
    return client.post(path, {} if how == "empty POST" else payload(scene, route, user), headers=named)


def _page(answer):
    content = answer.getvalue().decode(errors="replace")
    return content if answer.headers.get("Content-Type", "").startswith("text/html") else ""


def _speaks(page, language):
    if "<html" in page and f'<html lang="{language}"' not in page:
        yield f"the page does not say that it is in {language}"
    if "&lt;bdi" in page:
        yield "a mark of Thai is read as text: an attribute, title or option wants |plain"


def english_problems(page):
    """What an English page says in Thai."""
    for words in words_of(page):
        if "<bdi" in words.text:
            yield f"{words.place} “{_short(words.text)}” holds markup: it wants |plain"
        if words.lang != "th" and words.can_mark and THAI.search(words.text):
            yield f"{words.place} “{_short(words.text)}” is not marked as Thai"
        ours = [word for word in THAI.findall(to_arabic(words.text)) if not _is_written_by_people(word)]
        if ours:
            yield f"{words.place} “{_short(words.text)}” is no text of people: {' '.join(ours)}"


def thai_problems(page):
    """What a Thai page says in English."""
    for words in words_of(page):
        if words.lang == "en" or words.place == "<code>":
            continue
        latin = LATIN.findall(NO_WORD.sub(" ", words.text))
        ours = [word for word in latin if word not in LATIN_NAMES and not _is_a_name(word)]
        if ours:
            yield f"{words.place} “{_short(words.text)}” is not translated: {' '.join(ours)}"


def _short(text):
    return text if len(text) < 80 else f"{text[:80]}…"


@pytest.fixture(autouse=True)
def _forget():
    yield
    _is_written_by_people.cache_clear()
    _is_a_name.cache_clear()
    _written.cache_clear()


@cache
def _is_written_by_people(word):
    return word in _written()


@cache
def _written():
    """All Thai that the database holds, and what is Thai on every page: ranks, titles of annexes, the clauses, the signer's consent."""
    texts = [CONSENT, *USUAL.values(), *FILLED, PERIOD, *(page.read_text() for page in MANUAL.glob("*.md"))]
    texts += (title for each in Agreement.objects.all() for _kind, title in annex_titles(each))
    texts += (f"{user.full_name_with_rank} {user.short_name_with_rank}" for user in User.objects.all())
    texts += [*ranks.RANKS, *ranks.RANKS.values(), *ranks.PREFIXES, ranks.FEMALE, ranks.PENDING]
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            texts.append(" ".join(map(str, row)))
    return to_arabic("\n".join(texts))


@cache
def _is_a_name(word):
    """Is it a user name, a code, the name of a file, or a word of somebody's text?"""
    texts = [*User.objects.values_list("username", flat=True), *OrgUnit.objects.values_list("code", flat=True)]
    texts += Agreement.objects.values_list("code", flat=True)
    texts += Evidence.objects.values_list("name", flat=True)
    for row in Line.objects.values_list("name", "definition", "formula", "conditions", "data_source", "explanation"):
        texts += row
    return any(re.search(rf"(?<![A-Za-z]){word}(?![A-Za-z])", text) for text in texts)
