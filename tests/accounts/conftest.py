import html
import re

import pytest
from django.test import Client

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
