"""An act that weighs more asks for the password again, and wrong ones count."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory

from accounts.models import User
from accounts.step_up import PasswordStepUpForm, confirm_password
from acts.engine import StepUp
from tests.accounts.conftest import PASSWORD, hidden_fields

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def request_of(rf: RequestFactory):
    def make(user):
        request = rf.post("/test/weigh/")
        request.user = user
        return request

    return make


@pytest.fixture
def signed_in(client, kamolchanok):
    client.force_login(kamolchanok)
    return client


def test_the_right_password_is_evidence_bound_to_what_was_shown(request_of, kamolchanok):
    form = PasswordStepUpForm(request_of(kamolchanok), {"password": PASSWORD})
    assert form.step_up(at=NOW, bound_to="9f3a") == StepUp(user_id=kamolchanok.pk, at=NOW, bound_to="9f3a")
    assert PASSWORD not in str(form.cleaned_data)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper() + "x"])
def test_another_password_is_none(request_of, kamolchanok, password):
    form = PasswordStepUpForm(request_of(kamolchanok), {"password": password})
    assert not form.is_valid()
    with pytest.raises(ValueError, match="valid password"):
        form.step_up(at=NOW)


def test_another_persons_password_is_none(request_of, kamolchanok):
    User.objects.create_user("wichai", password="รหัสของวิชัย-2569")
    assert not confirm_password(request_of(kamolchanok), "รหัสของวิชัย-2569")


def test_who_was_made_inactive_meanwhile_has_no_password(request_of, kamolchanok):
    User.objects.update(is_active=False)
    assert not confirm_password(request_of(kamolchanok), PASSWORD)


def test_wrong_ones_lock_and_say_until_when(signed_in):
    answers = [signed_in.post("/test/weigh/", {"password": "wrong"}) for _turn in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "รหัสผ่านไม่ถูกต้อง ยังไม่ได้ดำเนินการใด" in answers[0].content.decode()
    assert "ใส่รหัสผ่านหรือรหัสยืนยันผิดหลายครั้งเกินไป" in answers[-1].content.decode()
    assert signed_in.post("/test/weigh/", {"password": PASSWORD}).status_code == 429
    AccessAttempt.objects.update(attempt_time=NOW - timedelta(hours=1))
    assert signed_in.post("/test/weigh/", {"password": PASSWORD}).content == b"done True"


def test_a_lock_keeps_what_was_typed_beside_the_password(signed_in):
    for _turn in range(5):
        answer = signed_in.post("/test/weigh/", {"password": "wrong", "reason": "ตัวชี้วัดที่ ๓ ยังไม่ชัดเจน"})
    held = hidden_fields(answer.content.decode())["carried"]
    assert "ตัวชี้วัดที่ ๓ ยังไม่ชัดเจน" in held
    assert "wrong" not in held


def test_a_right_one_forgets_the_wrong_ones_before_it(signed_in):
    for _turn in range(3):
        for _wrong in range(4):
            assert signed_in.post("/test/weigh/", {"password": "wrong"}).status_code == 200
        assert signed_in.post("/test/weigh/", {"password": PASSWORD}).content == b"done True"


def test_the_password_is_never_shown_back(signed_in):
    page = signed_in.post("/test/weigh/", {"password": "not-this-one"}).content.decode()
    assert "not-this-one" not in page
    assert 'autocomplete="current-password"' in page
