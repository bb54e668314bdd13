"""Light or dark: what the browser keeps, and what the page says of itself."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def html_tag(client):
    return client.get(reverse("accounts:sign_in")).content.decode().partition("<head>")[0]


def test_the_system_decides_until_somebody_chooses(client):
    assert "data-theme" not in html_tag(client)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_kept_and_leads_back_to_the_page(client, theme):
    answer = client.post(reverse("accounts:theme"), {"theme": theme, "next": "/verify/"})

    assert (answer.status_code, answer.url) == (302, "/verify/")
    assert answer.cookies["theme"]["httponly"]
    assert f'data-theme="{theme}"' in html_tag(client)


def test_the_system_can_decide_again(client):
    for theme in ("dark", "system"):
        client.post(reverse("accounts:theme"), {"theme": theme, "next": "/"})

    assert "data-theme" not in html_tag(client)


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_what_is_no_theme_changes_nothing(client, theme):
    client.cookies["theme"] = theme

    answer = client.post(reverse("accounts:theme"), {"theme": theme, "next": "//evil.test/"})

    assert answer.url.startswith("/")
    assert "evil" not in answer.url
    assert "theme" not in answer.cookies
    assert "data-theme" not in html_tag(client)


def test_looking_changes_nothing(client):
    assert client.get(reverse("accounts:theme")).status_code == 405
