"""What every answer says to the browser, and what no route does: from each address, signed in and signed out."""

import logging
import re

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse

from acts.maintenance import Maintenance
from acts.models import Entry
from agreements.stages import Pen, Stage
from tests.desk.asking import address, headers, payload, query
from tests.desk.scene import stage_scene
from tests.desk.verdict_table import METHODS, routes
from tests.desk.written import written_by

# What an answer says to the browser doesn't depend on the database.
pytestmark = pytest.mark.one_database

# Inline style and script, which the policy would stop.
INLINE = re.compile(
    r"""<style|<script(?![^>]*\ssrc=)|<[^>]*\s(?:style|on[a-z]+)\s*=\s*["']|javascript:""", re.IGNORECASE
)


@pytest.fixture
def scene(world, caplog):
    """An agreement under evaluation: every kind of thing is there, and most pages open."""
    caplog.set_level(logging.ERROR, "django.request")
    return stage_scene(world, "IMM-D1", Stage.EVALUATION, Pen.EVALUATOR)


@pytest.fixture(params=["evaluator", None], ids=["signed in", "signed out"])
def person(request, world, client):
    """Somebody who opens most pages, signed in at `client`; then nobody."""
    user = request.param and world.people.get(request.param)
    if user:
        client.force_login(user)
    return user


def answers(client, scene, person):
    """(route and method, answer) of every route, each as if no other had been asked."""
    for route in routes():
        for method in METHODS:
            with transaction.atomic():
                data = query(scene, route) if method == "GET" else payload(scene, route, person)
                cookies = dict(client.cookies)
                ask = client.get if method == "GET" else client.post
                answer = ask(address(scene, route), data, headers=headers(scene, route))
                transaction.set_rollback(True)
            answer.getvalue()
            client.cookies.clear()
            client.cookies.update(cookies)
            yield f"{method} {route}", answer


def directives(answer):
    """The content security policy as {directive: [sources]}."""
    policy = answer.headers.get("Content-Security-Policy", "")
    return {words[0]: words[1:] for each in policy.split(";") if (words := each.split())}


def test_every_answer_says_what_the_browser_must_not_do(scene, person, client):
    wrong, pages, statuses = {}, 0, set()
    for asked, answer in answers(client, scene, person):
        statuses.add(answer.status_code)
        pages += _is_page(answer)
        told = [*_untold(answer), *_kept(answer, person, asked), *_inline(answer)]
        if told:
            wrong[asked] = told
    assert wrong == {}
    assert pages > (60 if person else 20), "not enough pages were seen to trust this"
    assert statuses >= ({200, 302, 403, 404, 405} if person else {200, 302, 403, 405})


def _untold(answer):
    policy = directives(answer)
    if policy.get("default-src") not in (["'self'"], ["'none'"]):
        yield "default-src"
    if policy.get("frame-ancestors") != ["'none'"] or answer.headers.get("X-Frame-Options") != "DENY":
        yield "frames"
    if {"'unsafe-inline'", "'unsafe-eval'", "*"} & {source for sources in policy.values() for source in sources}:
        yield "unsafe sources"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "nosniff"
    if answer.headers.get("Referrer-Policy") != "same-origin":
        yield "referrer"
    if answer.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        yield "opener"
    if answer.headers.get("Cross-Origin-Resource-Policy") != "same-origin":
        yield "resource"
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        yield "permissions"
    if not answer.headers.get("X-Request-Id"):
        yield "number of the request"


def _kept(answer, person, asked):
    """What a signed-in person is shown is kept by no cache; signing out shows nothing."""
    if person and asked != "POST sign_out" and "no-store" not in answer.headers.get("Cache-Control", ""):
        yield "may be kept by a cache"


def _is_page(answer):
    return (
        not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html") and bool(answer.content)
    )


def _inline(answer):
    """What stands in the page though its policy would stop it."""
    return INLINE.findall(answer.content.decode()) if _is_page(answer) else []


def test_the_door_is_kept_by_no_cache(client, db):
    assert "no-store" in client.get(reverse("accounts:sign_in")).headers["Cache-Control"]


def test_a_file_that_somebody_sent_runs_nothing(world, scene, client):
    client.force_login(world.people.evaluator)
    answer = client.get(address(scene, "evidence"))
    answer.getvalue()
    assert "sandbox" in directives(answer)
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.fixture
def signed_in(world, client, caplog):
    """Somebody who is signed in, at a client that takes a fault for an answer."""
    for name in ("django.request", "django.security"):
        caplog.set_level(logging.CRITICAL, name)
    client.raise_request_exception = False
    client.force_login(world.people.staff)
    return client


def closed(monkeypatch):
    monkeypatch.setattr("acts.maintenance.maintenance", Maintenance)


def falls_over(error):
    def fail(*args):
        raise error

    return lambda monkeypatch: monkeypatch.setattr("desk.views.home.inbox", fail)


# What stands outside of the routes: (status, path, what is done before, what the request is sent with)
OTHER_ANSWERS = {
    "fault": (500, "/", falls_over(ZeroDivisionError()), {}),
    "no database": (503, "/", falls_over(OperationalError()), {}),
    "maintenance": (503, "/", closed, {}),
    "nowhere": (404, "/nowhere/", None, {}),
    "not our host": (400, "/", None, {"headers": {"Host": "evil.example"}}),
    "no such static file": (404, "/static/nothing.css", None, {}),
    "a static file": (200, "/static/look/tokens.css", None, {}),
    "without a slash": (301, "/verify", None, {}),
}


@pytest.mark.parametrize("kind", OTHER_ANSWERS)
def test_every_other_answer_says_it_too(signed_in, monkeypatch, kind):
    status, path, before, sent = OTHER_ANSWERS[kind]
    if before:
        before(monkeypatch)
    answer = signed_in.get(path, **sent)
    answer.getvalue()
    assert answer.status_code == status
    assert list(_untold(answer)) == []
    assert status < 500 or "no-store" in answer.headers["Cache-Control"]


def test_too_much_text_is_answered_with_them_as_well(signed_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = signed_in.post("/sign-in/", {"username": "n" * 2000})
    assert (answer.status_code, list(_untold(answer))) == (413, [])


def test_over_https_the_browser_stays_there(signed_in, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    browser = Client()  # a new one: its middleware reads the settings
    answer = browser.get("/sign-in/")
    assert (answer.status_code, answer.headers["Location"], list(_untold(answer))) == (
        301, "https://testserver/sign-in/", [],
    )  # fmt: skip
    for path in ("/sign-in/", "/", "/nowhere/", "/static/look/tokens.css"):
        answer = browser.get(path, secure=True)
        answer.getvalue()
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=3600"), path


# What no route does


@pytest.mark.parametrize("who", ["staff", None])
def test_a_post_without_the_token_of_the_form_is_taken_nowhere(world, scene, who):
    browser = Client(enforce_csrf_checks=True)
    user = who and world.people.get(who)
    if user:
        browser.force_login(user)
    before = Entry.objects.count()
    for route in routes():
        with written_by() as written:
            answer = browser.post(address(scene, route), payload(scene, route, user), headers=headers(scene, route))
        assert (route, answer.status_code, written) == (route, 403, [])
        assert "session" not in answer.cookies or user, f"{route} let somebody in"
    assert Entry.objects.count() == before


def test_no_other_method_changes_anything(world, scene, client):
    """As the evaluator, whose turn it is; of the methods that the server tells apart by nothing each route gets two."""
    client.force_login(world.people.evaluator)
    methods = ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "HEAD")
    asked = [(methods[(place + turn) % 6], route) for turn in (0, 3) for place, route in enumerate(routes())]
    for method, route in asked:
        with written_by() as written:
            answer = client.generic(method, address(scene, route))
        answer.getvalue()
        assert (method, route, written) == (method, route, [])
        assert answer.status_code < 500, (method, route)
