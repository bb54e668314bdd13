"""What the system says of a document by its code."""

import pytest

from agreements.models import Document
from workflow.verdict import verdict_on


@pytest.fixture
def signed(world):
    return Document.objects.get(snapshot__agreement=world.agreement("assessment"), kind=Document.Kind.SIGNED)


def test_a_signed_document_is_vouched_for_with_its_two_signatures(signed):
    verdict = verdict_on(signed.code)

    assert verdict.is_signed
    assert (verdict.snapshot, verdict.agreement) == (signed.snapshot, signed.snapshot.agreement)
    assert [signature.name for signature in verdict.signatures] == ["พลตำรวจตรี วีระ กล้าหาญ", "พลตำรวจโท สมชาย รักไทย"]


def test_the_code_may_be_typed_as_people_type_it(signed):
    spaced = " ".join(signed.code[place : place + 4] for place in range(0, 32, 4)).upper()

    assert verdict_on(f" {spaced}\n").document == signed


def test_a_proof_of_the_signed_text_is_not_signed_and_names_nobody(signed):
    proof = Document.objects.get(snapshot=signed.snapshot, kind=Document.Kind.PROOF)
    verdict = verdict_on(proof.code)

    assert not verdict.is_signed
    assert verdict.signatures == ()


@pytest.mark.parametrize("code", ["0" * 32, "", "'; drop table", "๐" * 32])
@pytest.mark.django_db
def test_no_other_code_opens_anything(code):
    assert verdict_on(code) is None
