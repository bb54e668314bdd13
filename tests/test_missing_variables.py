"""The net itself: a variable that nobody gave is caught, wherever a template asks for it."""

import pytest
from django.contrib.auth import get_user_model
from django.template import engines

from tests.missing_variables import may_be_left_out


def render(text, **context):
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize("text", ["{{ typo }}", '{% include "parts/request_number.html" with request_id=typo %}'])
def test_what_is_shown_and_not_given_fails_at_once(text, missing_variables_fail_the_test):
    with pytest.raises(pytest.fail.Exception, match="typo"):
        render(text)
    missing_variables_fail_the_test.found.clear()


@pytest.mark.parametrize(
    "text",
    ["{% if typo %}{% endif %}", "{% for one in thing.typo %}{% endfor %}", "{% if not thing.typo %}{% endif %}"],
)
def test_what_is_asked_for_and_not_given_is_caught_as_well(text, missing_variables_fail_the_test):
    render(text, thing={"given": 1})
    assert missing_variables_fail_the_test.found == {"typo in unknown"}
    missing_variables_fail_the_test.found.clear()


def test_a_relation_that_is_not_there_is_not_taken_for_one(missing_variables_fail_the_test):
    class Lone:
        @property
        def partner(self):
            raise get_user_model().DoesNotExist

    render("{% if lone.partner %}{% endif %}", lone=Lone())
    assert missing_variables_fail_the_test.found == {"partner in unknown"}
    missing_variables_fail_the_test.found.clear()


def test_what_may_be_left_out_and_what_is_given_as_nothing_pass():
    assert may_be_left_out("parts/empty.html") == {"icon", "detail", "action_url", "action_label"}
    assert "ไม่มีงาน" in render('{% include "parts/empty.html" %}', headline="ไม่มีงาน")
    assert render("{% if thing.name %}{% endif %}.", thing=None) == "."
