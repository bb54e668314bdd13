"""The pages of incentives: terms and what-if, nothing typed is lost, the decision, each unit's letter, what the public reads."""

from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from acts.idempotency import new_key
from agreements.stages import Stage
from desk.forms.incentives import IncentiveTermsForm
from results.incentive_letter import letter_html
from results.incentive_record import decision_of, read
from results.incentive_terms import taking_part
from results.incentive_walk import hash_to_decide
from results.models import Scheme
from tests.desk.asking import filled, today
from tests.results.rewarded import POOL, begun, closed, decided, moved, set_to
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
D1 = "2570-IMM-D1"


@pytest.fixture
def planner(world, client):
    client.force_login(world.people.planner)
    return client


def place(route, unit="IMM"):
    return reverse(f"desk:{route}", args=[2570, unit])


def terms(scheme, **typed):
    agreements = list(taking_part(scheme.fiscal_year, scheme.unit, Scheme.Level.ALL))
    return filled(IncentiveTermsForm(scheme=scheme, agreements=agreements)) | typed


def text(answer):
    return unescape(answer.content.decode())


def test_what_if_says_who_gains_and_loses_and_saves_nothing(world, planner):
    closed(world)
    scheme = set_to(begun(world), world, gate=Decimal("5.0000"), pool=POOL)
    answer = planner.post(place("incentive_terms"), terms(scheme, gate="๑", band_1_share="๑", preview="1"))
    assert answer.status_code == 200
    compared = answer.context["compared"]
    assert (compared.gaining, compared.losing, compared.rows[0].difference) == (1, 0, POOL)
    assert "๑๐๐,๐๐๐.๐๐" in text(answer)
    assert Scheme.objects.get().gate == 5


def test_thai_digits_are_taken_and_the_terms_are_saved(world, planner):
    scheme = begun(world)
    answer = planner.post(
        place("incentive_terms"), terms(scheme, gate="๓.๒๕", gate_rule="above", pool="๑,๐๐๐,๐๐๐.๕๐", save="1")
    )
    assert answer.status_code == 302
    scheme = Scheme.objects.get()
    assert (scheme.gate, scheme.gate_rule, scheme.pool) == (Decimal("3.25"), "above", Decimal("1000000.50"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"gate": "สาม"}, "“สาม” ไม่ใช่ตัวเลข"),
        ({"pool": "-5"}, "ไม่น้อยกว่า"),
        ({"pool": "99999999999999999"}, "ยาวเกินไป"),
        ({"band_2_share": ""}, "กรุณากรอกให้ครบทั้งสามช่อง"),
        ({"band_2_share": "9"}, "ผลงานที่ดีกว่าต้องไม่ได้น้อยกว่า"),
        ({"band_1_from": "3"}, "เริ่มจากคะแนนเดียวกัน"),
        ({"gate": "0.5"}, "เริ่มสูงกว่าเกณฑ์ขั้นต่ำ"),
        ({"rule": "by_weather"}, ""),
    ],
)
def test_what_can_not_be_taken_is_said_and_nothing_typed_is_lost(world, planner, typed, sentence):
    scheme = begun(world)
    answer = planner.post(place("incentive_terms"), terms(scheme, band_4_name="ยอดเยี่ยมที่สุด", save="1") | typed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="ยอดเยี่ยมที่สุด"' in text(answer)
    assert Scheme.objects.get().version == scheme.version


def test_a_stale_page_shows_both_texts(world, planner):
    scheme = begun(world)
    typed = terms(scheme, gate="4", save="1")
    set_to(scheme, world, gate=Decimal("3.5"))
    answer = planner.post(place("incentive_terms"), typed)
    assert answer.status_code == 409
    assert "๓.๕" in text(answer)


def test_missing_units_are_named_with_the_way_to_their_field(world, planner):
    closed(world)
    other = world.agreement(Stage.EVALUATION, code="IMM-D2")
    begun(world)
    page = text(planner.get(place("incentive")))
    assert "บก.ตม.๒ ยังไม่มีคะแนนสุดท้าย" in page
    assert f"{place('incentive_terms')}#id_left_out_{other.pk}" in page
    assert planner.get(place("decide_incentives")).status_code == 403


def test_the_decision_is_put_on_record_with_the_password(world, planner):
    closed(world)
    scheme = begun(world)
    told = {"order_number": "๘๙/๒๕๗๑", "decided_on": today(), "decided_by": "ผบช.สตม.", "text": ""}
    told |= {"sha256": hash_to_decide(scheme), "version": scheme.version, "idempotency": new_key()}
    wrong = planner.post(place("decide_incentives"), told | {"password": "ผิด"})
    assert (wrong.status_code, 'value="ผบช.สตม."' in text(wrong)) == (422, True)
    ahead = planner.post(place("decide_incentives"), told | {"password": PASSWORD, "decided_on": "1/1/2699"})
    assert "ยังมาไม่ถึง" in text(ahead)

    assert planner.post(place("decide_incentives"), told | {"password": PASSWORD}).status_code == 302
    assert Scheme.objects.get().stage == Scheme.Stage.DECIDED


# The letter


def rewarded(world, **terms):
    agreement = closed(world)
    told = {"gate": Decimal(1), "bands": [{"from": "1", "name": "ดีมากพิเศษ", "share": "1.5"}], "pool": POOL}
    return agreement, decided(set_to(begun(world), world, **told | terms), world)


def test_a_closed_agreements_home_leads_to_its_letter(world, client):
    _agreement, scheme = rewarded(world)
    client.force_login(world.people.staff)
    home = text(client.get(reverse("desk:agreement", args=[D1])))
    letter = reverse("desk:incentive_letter", args=[D1, scheme.pk])
    assert letter in home
    answer = client.get(letter)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("who", "status"),
    [("head", 200), ("superior", 200), ("auditor", 200), ("neighbour", 404), ("stranger", 404), ("administrator", 404)],
)
def test_a_letter_is_for_who_follows_the_agreement(world, client, who, status):
    _agreement, scheme = rewarded(world)
    client.force_login(world.people.get(who))
    assert client.get(reverse("desk:incentive_letter", args=[D1, scheme.pk])).status_code == status


def test_no_letter_before_the_decision_nor_of_one_taken_up_again(world, client):
    _agreement, scheme = rewarded(world)
    scheme = moved(scheme, "reopen", world, reason="คำนวณใหม่")
    client.force_login(world.people.staff)
    assert client.get(reverse("desk:incentive_letter", args=[D1, scheme.pk])).status_code == 404
    assert "หนังสือแจ้งผล" not in text(client.get(reverse("desk:agreement", args=[D1])))


def test_a_letter_says_score_gate_tier_amount_and_how_it_came_about(world):
    """100,000 × (1.5 × 20) ÷ 30 = 100,000, in the digits of the paper."""
    _agreement, scheme = rewarded(world, rule="per_head", heads={D1: 20})
    html = letter_html(decision_of(scheme), D1)
    score = read(decision_of(scheme))["units"][0]["score"]
    for told in ("คำสั่งที่ ๘๙/๒๕๗๑", "ดีมากพิเศษ", "๑๐๐,๐๐๐.๐๐ บาท", "๑๐๐,๐๐๐.๐๐ × (๑.๕ × ๒๐) ÷ ๓๐ = ๑๐๐,๐๐๐.๐๐"):
        assert told in html
    assert score.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in html


# The public


def test_the_public_reads_nothing_before_it_is_announced(world, client):
    _agreement, scheme = rewarded(world)
    assert client.get(place("public_incentive")).status_code == 404
    moved(scheme, "publish", world)
    assert client.get(place("public_incentive")).status_code == 200
    assert place("public_incentive") in text(client.get(reverse("desk:public_incentives")))


@pytest.mark.parametrize("shows", [True, False])
def test_amounts_are_announced_by_setting_and_reasons_never(world, client, shows):
    world.agreement(Stage.EVALUATION, code="IMM-D2")
    _agreement, scheme = rewarded(world, shows_amounts=shows, left_out={"2570-IMM-D2": "เรื่องภายในของหน่วย"})
    moved(scheme, "publish", world)
    page = text(client.get(place("public_incentive")))
    assert ("๑๐๐,๐๐๐.๐๐" in page) == shows
    assert "ดีมากพิเศษ" in page
    assert "บก.ตม.๒" in page
    assert "เรื่องภายในของหน่วย" not in page


def test_a_withdrawn_announcement_tells_its_reason(world, client):
    _agreement, scheme = rewarded(world)
    scheme = moved(moved(scheme, "publish", world), "withdraw", world, reason="พิมพ์ชื่อหน่วยผิด")
    answer = client.get(place("public_incentive"))
    assert (answer.status_code, "พิมพ์ชื่อหน่วยผิด" in text(answer)) == (410, True)
    moved(scheme, "reopen", world, reason="ภายใน")
    answer = client.get(place("public_incentive"))
    assert (answer.status_code, "พิมพ์ชื่อหน่วยผิด" in text(answer), "ภายใน" in text(answer)) == (410, True, False)
    assert place("public_incentive") not in text(client.get(reverse("desk:public_incentives")))
