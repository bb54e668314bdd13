import html
import re
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.models import User

PASSWORD = "ศีลธรรม-2569-ดี"


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = "tests.accounts.urls"
    settings.LOGIN_REDIRECT_URL = "/test/page/"


@pytest.fixture
def kamolchanok(db):
    return User.objects.create_user(
        "kamolchanok", password=PASSWORD, rank="พ.ต.ท.", title_female=True, first_name="กมลชนก", last_name="ใจดี"
    )


class Browser(Client):
    """A client that checks CSRF tokens and sends the forms that stand on the pages it gets."""

    def __init__(self, *, enforce_csrf_checks=True):
        super().__init__(enforce_csrf_checks=enforce_csrf_checks)

    def send(self, page, *, action="/sign-in/", **typed):
        """Send the form of a page that goes to `action`, with what is typed into it."""
        return self.post(action, {**hidden_fields(page, action=action), **typed})


def hidden_fields(page, *, action="/sign-in/"):
    """The hidden inputs of a form on a page, as a browser reads them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL).group(0)
    inputs = [tag for tag in re.findall(r"<input[^>]*>", form) if 'type="hidden"' in tag]
    return {attribute(tag, "name"): attribute(tag, "value") for tag in inputs}


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else ""


@pytest.fixture
def browser():
    return Browser()


def code_of(secret, at, *, steps=0):
    """What a telephone with that secret shows at `at`, or some steps of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30 + steps))


def code_now(secret, *, steps=0):
    return code_of(secret, timezone.now(), steps=steps)


@pytest.fixture
def telephone(kamolchanok):
    """The secret of a second factor that was set up an hour ago; `telephone.paper` are the recovery codes."""
    secret, then = second_factor.new_secret(), timezone.now() - timedelta(hours=1)
    paper = second_factor.enrol(kamolchanok, secret, code_of(secret, then), at=then)
    kamolchanok.refresh_from_db()
    return SimpleNamespace(secret=secret, paper=paper, code=partial(code_now, secret))
