"""People are written with their rank, short and in full, as officials write it."""

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.ranks import RANKS, full_rank, seniority, short_rank

KAMOLCHANOK = {"first_name": "กมลชนก", "last_name": "ใจดี"}


@pytest.mark.parametrize(
    ("person", "short", "full"),
    [
        ({"rank": "พ.ต.ท."}, "พ.ต.ท. กมลชนก ใจดี", "พันตำรวจโท กมลชนก ใจดี"),
        ({"rank": "พ.ต.ท.", "title_female": True}, "พ.ต.ท.หญิง กมลชนก ใจดี", "พันตำรวจโทหญิง กมลชนก ใจดี"),
        ({"rank": "พล.ต.อ."}, "พล.ต.อ. กมลชนก ใจดี", "พลตำรวจเอก กมลชนก ใจดี"),
        ({"rank": "ด.ต.", "title_female": True}, "ด.ต.หญิง กมลชนก ใจดี", "ดาบตำรวจหญิง กมลชนก ใจดี"),
        ({"rank": "ร.ต.อ.", "rank_pending": True}, "ว่าที่ ร.ต.อ. กมลชนก ใจดี", "ว่าที่ร้อยตำรวจเอก กมลชนก ใจดี"),
        (
            {"rank": "พ.ต.ต.", "rank_pending": True, "title_female": True},
            "ว่าที่ พ.ต.ต.หญิง กมลชนก ใจดี",
            "ว่าที่พันตำรวจตรีหญิง กมลชนก ใจดี",
        ),
        ({"prefix": "นางสาว"}, "นางสาวกมลชนก ใจดี", "นางสาวกมลชนก ใจดี"),
        ({}, "กมลชนก ใจดี", "กมลชนก ใจดี"),
    ],
)
def test_a_name_with_its_rank(person, short, full):
    user = User(username="kamolchanok", **KAMOLCHANOK, **person)
    assert (str(user), user.short_name_with_rank, user.full_name_with_rank) == (short, short, full)


def test_an_account_without_a_name_shows_its_user_name():
    assert str(User(username="import")) == "import"


def test_the_fourteen_ranks_stand_in_order():
    assert list(RANKS) == sorted(RANKS, key=seniority)
    assert len(RANKS) == 14
    assert seniority("พล.ต.อ.") < seniority("พ.ต.อ.") < seniority("ร.ต.ต.") < seniority("ส.ต.ต.") < seniority("")


def test_no_rank_is_nothing():
    assert (short_rank("", female=True), full_rank("")) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"rank": "นาวาเอก"},
        {"prefix": "ดร."},
        {"rank": "พ.ต.ท.", "prefix": "นาง"},
        {"title_female": True},
        {"rank_pending": True},
    ],
)
def test_the_database_refuses_ranks_and_prefixes_that_make_no_sense(wrong):
    with pytest.raises(IntegrityError):
        User.objects.create(username="wrong", **wrong)


@pytest.mark.django_db
def test_a_user_name_is_one_persons_in_any_case():
    User.objects.create_user("Somchai")
    assert User.objects.get_by_natural_key("SOMCHAI").username == "somchai"
    with pytest.raises(IntegrityError):
        User.objects.create(username="SomChai")
