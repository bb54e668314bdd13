"""A refusal inside an agreement leads back into it, not out to the start page."""

import pytest
from django.urls import reverse

from agreements.stages import Stage

D1 = "2570-IMM-D1"


@pytest.mark.parametrize("route", ["move", "evaluation"])
def test_who_may_read_the_agreement_is_led_back_to_it(world, visit, route):
    world.agreement(Stage.INFORMAL)
    args = [D1, "close_informal"] if route == "move" else [D1]
    page = visit(world.people.staff, f"desk:{route}", *args)

    assert page.status_code == 403
    assert f'<a class="btn" href="{reverse("desk:agreement", args=[D1])}">กลับไปหน้าคำรับรอง</a>' in page.content.decode()


def test_who_may_not_read_it_yet_is_led_to_the_start_page(world, visit):
    world.agreement(Stage.DRAFT)
    page = visit(world.people.negotiator, "desk:agreement", D1)

    assert page.status_code == 403
    assert '<a class="btn" href="/">' in page.content.decode()
