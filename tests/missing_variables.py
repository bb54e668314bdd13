"""A variable that a template asks for and nobody gave fails the test, also where the template only asks whether it is there.

`{{ typo }}`, `{% include … with x=typo %}` and `{% url … typo %}` are caught by pytest-django
(FAIL_INVALID_TEMPLATE_VARS). `{% if typo %}` and `{% for each in typo %}` are silent by design, so Django's own log of
what could not be resolved is read. What may be missing is said in the first line of the template that asks for it:
"may be left out: detail, action_url (where to go on)".
"""

import logging
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from django.template.base import Node

TEMPLATES = Path(__file__).parent.parent / "templates"
LEFT_OUT = re.compile(r"may be left out[^:.#]*:([^.#]*)")
MADE_IN_A_TEST = "unknown"


@cache
def may_be_left_out(template):
    """The names that the template's first line declares so, remarks in brackets apart."""
    first_line = (TEMPLATES / template).read_text(encoding="utf-8").partition("\n")[0]
    said = " ".join(LEFT_OUT.findall(first_line))
    return frozenset(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", said)))


class _Missing(logging.Filter):
    """Keeps what our templates could not resolve, and did not say might be missing.

    A filter, so that nobody writes the line: its text is the whole context, which may ask the database for names.
    """

    def __init__(self):
        super().__init__()
        self.found = set()

    def filter(self, record):
        if record.msg.startswith("Exception while resolving variable"):
            self._look_at(record)
        return False

    def _look_at(self, record):
        name, template, error = record.args[0], _asking(), record.exc_info[1]
        # Asking something of None, given as such, is an honest question.
        of_none = len(getattr(error, "params", ())) == 2 and error.params[1] is None
        ours = (TEMPLATES / template).is_file()
        declared = ours and name in may_be_left_out(template)
        if (ours or template == MADE_IN_A_TEST) and not of_none and not declared:
            self.found.add(f"{name} in {template}")


def _asking():
    """The template that holds the tag which is being rendered: the included one, not the page round it."""
    frame = sys._getframe()
    while frame:
        node = frame.f_locals.get("self") if frame.f_code.co_name == "render_annotated" else None
        if isinstance(node, Node):
            # A name that a template made is a SafeString, which paths don't take.
            return str.__str__(getattr(node.origin, "template_name", None) or MADE_IN_A_TEST)
        frame = frame.f_back
    return MADE_IN_A_TEST


@pytest.fixture(autouse=True)
def missing_variables_fail_the_test():
    missing, logger = _Missing(), logging.getLogger("django.template")
    level = logger.level
    logger.addFilter(missing)
    logger.setLevel(logging.DEBUG)
    yield missing
    logger.removeFilter(missing)
    logger.setLevel(level)
    assert not missing.found, "asked for and not given: " + "; ".join(sorted(missing.found))
