"""A form that was rendered once has its effect once."""

import pytest
from django import forms
from django.template import Context, Template

from acts.engine import AlreadyDone, Refused, move
from acts.forms import IdempotencyMixin
from acts.idempotency import new_key
from acts.log import acting
from acts.models import IdempotencyKey

from .shop.models import Parcel
from .shop.moves import MOVES


class PackForm(IdempotencyMixin, forms.Form):
    reason = forms.CharField()


class LabelForm(IdempotencyMixin, forms.ModelForm):
    class Meta:
        model = Parcel
        fields = ("label",)


def test_a_form_sent_again_answers_where_its_effect_can_be_seen(parcel, clerk, at):
    key = new_key()
    move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, idempotency=key)
    with pytest.raises(AlreadyDone) as done:
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, idempotency=key)

    assert done.value.url == f"/parcels/{parcel.pk}/"
    assert Parcel.objects.get().version == 2


def test_a_form_that_was_refused_may_be_sent_again(parcel, clerk, at):
    key = new_key()
    Parcel.objects.update(label="")
    with pytest.raises(Refused):
        move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, idempotency=key)
    assert not IdempotencyKey.objects.exists()

    Parcel.objects.update(label="To Grandmother")
    assert move(MOVES, parcel, "pack", actor=clerk, at=at, version=1, idempotency=key).stage == "packed"


def test_an_effect_that_is_about_nothing_with_an_address_has_none(clerk, at):
    key = new_key()
    with acting(clerk, at=at, idempotency=key) as record:
        record("shop.swept", None)
    with pytest.raises(AlreadyDone) as done, acting(clerk, at=at, idempotency=key):
        pass
    assert done.value.url == ""


@pytest.mark.parametrize("key", ["short", "g" * 32, "A" * 32, "a" * 33, "a" * 100_000, "a" * 31 + "\n"])
def test_a_key_that_no_form_of_ours_made_is_refused(clerk, at, key):
    with pytest.raises(Refused), acting(clerk, at=at, idempotency=key):
        pass
    assert not PackForm({"reason": "x", "idempotency": key}).is_valid()


@pytest.mark.parametrize("form", [PackForm, LabelForm])
def test_every_rendered_form_carries_a_key_of_its_own(form):
    first, second = form().as_div(), form().as_div()
    assert first != second
    assert 'type="hidden" name="idempotency"' in first


def test_a_form_without_the_key_is_not_valid_and_says_so():
    form = PackForm({"reason": "x"})
    assert form.errors["idempotency"] == ["แบบฟอร์มนี้ไม่สมบูรณ์ โปรดเปิดหน้านี้ใหม่แล้วส่งอีกครั้ง"]
    assert PackForm({"reason": "x", "idempotency": new_key()}).is_valid()


def test_the_template_tag_gives_the_same_field():
    template = Template("{% load acts %}{% idempotency_field %}")
    first, second = template.render(Context()), template.render(Context())
    assert first.startswith('<input type="hidden" name="idempotency" value="')
    assert first != second
    key = first.split('value="')[1].split('"')[0]
    assert PackForm({"reason": "x", "idempotency": key}).is_valid()
