"""Whether the signed document holds the minutes is said by its wording, and is frozen with it."""

import pytest

from acts.vault import read
from agreements.clauses import USUAL
from agreements.issue import make
from agreements.models import Document
from tests.agreements.pdf_reading import packed, pages_of
from workflow.clause_wording import word_clauses


@pytest.mark.parametrize("with_minutes", [True, False])
def test_the_signed_document_holds_the_minutes_where_its_wording_wants_them(world, with_minutes):
    values = {**USUAL, "maker": "{หน่วยงาน}จะทำให้สำเร็จ", "with_minutes": with_minutes}
    word_clauses(world.year, values, version=0, by=world.people.planner, at=world.at())
    agreement = world.agreement("assessment")
    document = make(Document.objects.get(snapshot__agreement=agreement, kind=Document.Kind.SIGNED))

    pages = [packed(page) for page in pages_of(read(document.sha256))]
    minutes = [page for page in pages[2:] if "รายงานการประชุมเจรจาอย่างเป็นทางการครั้งที่๑" in page]
    assert len(minutes) == with_minutes
    assert "๕.กองบังคับการตรวจคนเข้าเมือง๑จะทำให้สำเร็จ" in "".join(pages)
