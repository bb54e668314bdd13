"""The page of the design system: every part in its states, in debug mode alone."""

import re

import pytest
from django.urls import reverse

from desk.design_colours import TEXT
from desk.design_page import FRAME, SPECIMENS

pytestmark = pytest.mark.django_db


def test_there_is_no_such_page_outside_debug_mode(client):
    assert client.get(reverse("desk:design")).status_code == 404


def test_it_shows_every_part_every_pair_of_colours_and_every_state_of_a_field(client, settings):
    settings.DEBUG = True

    page = client.get(reverse("desk:design")).content.decode()

    assert set(re.findall(r"parts/(\w+)\.html</h3>", page)) == set(SPECIMENS) - set(FRAME)
    assert all(f"{ink} / {ground}</th>" in page for ink, ground in TEXT)
    assert {'data-theme="light"', 'data-theme="dark"'} <= set(re.findall(r'data-theme="\w+"', page))
    for state in ("is-bad", 'data-state="saved"', 'data-state="failed"', "disabled", "hint"):
        assert state in page
    assert "hx-get=" not in page
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
