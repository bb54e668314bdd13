"""Orders in words, however their number was typed."""

import pytest

from orgunits.orders import order_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("327/2569", "คำสั่งที่ 327/2569"),
        ("ที่ 327/2569", "คำสั่งที่ 327/2569"),
        ("ตร. 88/2569", "คำสั่งที่ ตร. 88/2569"),
        ("คำสั่งสำนักนายกรัฐมนตรี ที่ 287/2569", "คำสั่งสำนักนายกรัฐมนตรี ที่ 287/2569"),
    ],
)
def test_an_order_is_named_once(typed, words):
    assert order_words(typed) == words
