"""A shop, its people, and many hands at once."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from acts import append_only

from .shop import jobs  # noqa: F401  registers the shop's work
from .shop.models import Parcel, Receipt

NOW = datetime(2026, 10, 1, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def shop_tables(django_db_setup, django_db_blocker):
    """The shop is no installed app, so that the product's own migrations know nothing of it."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in (Parcel, Receipt):
                if model._meta.db_table not in connection.introspection.table_names():
                    editor.create_model(model)
        append_only.arm()


@pytest.fixture
def shop(shop_tables, request):
    """The shop's tables. After a test that commits they are emptied, as the flush doesn't know them."""
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker and marker.kwargs.get("transaction") else "db")
    yield
    if marker and marker.kwargs.get("transaction"):
        with append_only.triggers_down():
            Parcel.objects.all().delete()
            Receipt.objects.all().delete()


@pytest.fixture
def clerk(shop):
    return get_user_model().objects.create_user("clerk")


@pytest.fixture
def passer_by(shop):
    return get_user_model().objects.create_user("passer_by")


@pytest.fixture
def parcel(shop):
    return Parcel.objects.create(label="To Grandmother")


@pytest.fixture
def at():
    return NOW
