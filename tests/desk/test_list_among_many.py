"""The list among thousands of agreements: the same page as by known ids, and no look through all of them."""

import pytest
from django.db import connection
from django.utils import timezone

from bench.measuring import measure, readers
from bench.organisation import Size, make
from desk.views.listing import ON_A_PAGE


@pytest.mark.long
def test_nobodys_page_looks_through_all_agreements(db):
    at = timezone.now()
    make(Size(units=1_500, people=300, of_a_command=60), at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    for name, reader in readers():
        found = measure(name, reader, at=at, repetitions=1)
        assert not found.as_row()["sequential"], "\n\n".join([name, *found.plans])
        assert bool(found.plans) == (connection.vendor == "postgresql")
        assert found.rows == ON_A_PAGE or name.startswith("leaf")
