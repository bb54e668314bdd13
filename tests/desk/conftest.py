"""Screens as people see them: `visit` opens a page as somebody, `send` posts a form of it, `words` is what is read."""

import re
from html import unescape

import pytest
from django.urls import reverse

from thai.numbers import to_arabic


@pytest.fixture
def visit(client):
    """visit(user, "desk:home", *args, q="…") → the response."""

    def open_page(user, route, /, *args, **query):
        client.force_login(user)
        return client.get(reverse(route, args=args), query)

    return open_page


@pytest.fixture
def send(client):
    """send(user, "desk:move", *args, reason="…") → the response, not followed."""

    def post(user, route, /, *args, **data):
        client.force_login(user)
        return client.post(reverse(route, args=args), data)

    return post


@pytest.fixture
def words():
    """words(response) → the text of the page's main part, in one line, with digits 0–9."""

    def read(response):
        page = response.content.decode()
        main = re.search(r"<main.*</main>", page, re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", main[0] if main else page)
        return to_arabic(unescape(re.sub(r"\s+", " ", text)))

    return read
