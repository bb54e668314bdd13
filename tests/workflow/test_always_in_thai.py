"""What is kept, signed and printed is Thai, whatever language the screens of those who do it speak."""

from copy import copy

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from acts.jobs import REGISTRY, queue, run_queued_jobs
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.documents import render
from agreements.freeze import thaw
from agreements.models import Document, Snapshot
from agreements.stages import Stage
from desk.demo.walk import STEPS
from desk.demo.years import fiscal_year
from tests.world import YEAR
from workflow.models import Signature

# What is kept of each table; keys, codes and hashes of the chain are other ones each time.
KEPT = {
    Entry: ("act", "actor_text", "object_text", "change", "text"),
    Snapshot: ("purpose", "content", "sha256", "taken_by"),
    Signature: ("slot", "name", "own_post", "acted_post", "capacity", "on_behalf_of", "method", "consent"),
}
EACH_TIME = {"code", "verify_url"}

pytestmark = pytest.mark.django_db


def test_a_walk_in_english_keeps_the_same_as_one_in_thai(world):
    walk = world.walk()
    while walk.agreement.stage != Stage.CLOSED:
        step = STEPS[walk.agreement.stage, walk.agreement.pen]
        in_english, in_thai = _kept_by(step, walk, "en"), _kept_by(step, walk, "th")
        for model, rows in in_thai.items():
            assert in_english[model] == rows
        step(walk)
    assert Signature.objects.count() == 2
    assert Snapshot.objects.filter(purpose=Snapshot.Purpose.SCORES).exists()


def _kept_by(step, walk, language):
    """What a step keeps if its screen speaks `language`; it is then as if it had not been made."""
    trial = copy(walk)
    trial.diary = copy(walk.diary)
    with transaction.atomic(), translation.override(language):
        step(trial)
        kept = {model: list(model.objects.order_by("pk").values_list(*columns)) for model, columns in KEPT.items()}
        kept[Entry] = [row for row in kept[Entry] if row[0] != "add_evidence"]  # a file made anew has another hash
        kept[Document] = [_without_codes(document.certificate) for document in Document.objects.order_by("pk")]
        transaction.set_rollback(True)
    return kept


def _without_codes(certificate):
    return {name: value for name, value in certificate.items() if name not in EACH_TIME}


def test_the_paper_is_the_same_to_the_byte(world):
    world.agreement(Stage.ASSESSMENT)
    document = Document.objects.first()
    sections = thaw(document.snapshot)
    with translation.override("en"):
        in_english = render(sections, document.certificate)
    assert in_english == render(sections, document.certificate)


def test_a_job_speaks_thai_whoever_asked_for_it(monkeypatch):
    heard = []
    monkeypatch.setitem(REGISTRY, "tests.speak", lambda progress: heard.append(gettext("Draft")))
    with translation.override("en"):
        queue("tests.speak", key="1")
        run_queued_jobs()
        assert gettext("Draft") == "Draft"
    assert heard == ["ร่าง"]


def test_what_the_system_does_is_on_record_in_thai(world):
    with translation.override("en"):
        fiscal_year(YEAR + 1, by=THE_SYSTEM, at=world.at())
    opened = Entry.objects.get(act="open_year", object_text__contains=str(YEAR + 1))
    assert (opened.actor_text, opened.object_text) == ("ระบบ", f"ปีงบประมาณ พ.ศ. {YEAR + 1}")
