"""Where a second factor is set up, signing and releasing scores ask for its code in the same request."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from accounts import second_factor
from acts.idempotency import new_key
from agreements.freeze import agreed_snapshot
from tests.accounts.conftest import code_now, code_of
from tests.world import PASSWORD
from workflow.certificate import signed_certificate
from workflow.models import Signature
from workflow.rules import hash_of_scores

D1 = "2570-IMM-D1"


def telephone_of(user):
    secret, then = second_factor.new_secret(), timezone.now() - timedelta(hours=1)
    paper = second_factor.enrol(user, secret, code_of(secret, then), at=then)
    return secret, paper


@pytest.fixture
def agreement(world):
    return world.agreement("signing", "head")


def shown(agreement):
    agreement.refresh_from_db()
    sha256 = agreed_snapshot(agreement).sha256
    return {"version": agreement.version, "sha256": sha256, "idempotency": new_key(), "password": PASSWORD}


def test_the_code_is_asked_beside_the_password_and_the_signature_says_so(world, agreement, visit, send, words):
    secret, _paper = telephone_of(world.people.head)
    page = visit(world.people.head, "desk:signing", D1).content.decode()
    assert 'name="one_time_code"' in page
    code = code_now(secret)
    assert send(world.people.head, "desk:signing", D1, **shown(agreement), one_time_code=code).status_code == 302
    assert Signature.objects.get().method == "password+totp"
    (signature,) = signed_certificate(agreed_snapshot(agreement))["signatures"]
    assert signature["method"] == "ยืนยันด้วยรหัสผ่านและรหัสครั้งเดียวจากโทรศัพท์ในขณะลงนาม"


def test_a_recovery_code_signs_too_and_the_signature_says_so(world, agreement, send):
    _secret, paper = telephone_of(world.people.head)
    send(world.people.head, "desk:signing", D1, **shown(agreement), one_time_code=paper[0])
    (signature,) = signed_certificate(agreed_snapshot(agreement))["signatures"]
    assert (Signature.objects.get().method, "รหัสกู้คืน" in signature["method"]) == ("password+recovery_code", True)


@pytest.mark.parametrize("code", ["", "000000", "used"])
def test_without_the_right_code_nothing_is_signed_and_wrong_ones_count(world, agreement, send, code):
    secret, _paper = telephone_of(world.people.head)
    if code == "used":
        code = code_now(secret)
        second_factor.check(world.people.head, code, at=timezone.now())
    answer = send(world.people.head, "desk:signing", D1, **shown(agreement), one_time_code=code)
    assert (answer.status_code, Signature.objects.exists()) == (422, False)
    assert AccessAttempt.objects.exists() == bool(code)


def test_who_has_no_second_factor_is_asked_for_the_password_alone(world, agreement, visit, send):
    assert 'name="one_time_code"' not in visit(world.people.head, "desk:signing", D1).content.decode()
    send(world.people.head, "desk:signing", D1, **shown(agreement), one_time_code="000000")
    assert Signature.objects.get().method == "password"


def test_releasing_scores_asks_for_it_as_well(world, visit, send):
    agreement = world.agreement("evaluation", "superior")
    secret, _paper = telephone_of(world.people.superior)
    assert 'name="one_time_code"' in visit(world.people.superior, "desk:move", D1, "release").content.decode()
    given = {"version": agreement.version, "idempotency": new_key(), "sha256": hash_of_scores(agreement)}
    without = send(world.people.superior, "desk:move", D1, "release", **given, password=PASSWORD)
    agreement.refresh_from_db()
    assert (without.status_code, agreement.stage) == (422, "evaluation")
    send(world.people.superior, "desk:move", D1, "release", **given, password=PASSWORD, one_time_code=code_now(secret))
    agreement.refresh_from_db()
    assert agreement.stage == "appeal"
