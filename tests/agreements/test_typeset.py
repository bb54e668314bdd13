"""Lines of the paper break where they should, whatever the page's body says of itself."""

import pytest

from agreements.typeset import well_broken


@pytest.mark.parametrize("body", ["<body>", '<body class="minutes-paper">'])
def test_a_word_stays_with_its_number_and_a_long_run_breaks_somewhere(body):
    page = well_broken(f"<html><head><title>ปี 2570</title></head>{body}<p>ปี 2570 {'x' * 61}</p></body></html>")

    assert page == (
        f"<html><head><title>ปี 2570</title></head>{body}"
        f'<p><span class="together">ปี 2570</span> {"x" * 60}<wbr>x</p></body></html>'
    )
