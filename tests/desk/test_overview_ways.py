"""From the top down to a line's working: no link on an overview is a dead end, and every row leads somewhere."""

import re
from html import unescape

import pytest

from agreements.stages import Stage

OVERVIEW = "desk:unit_overview"


def links_of(page):
    """The addresses that the content leads to, without those of the rail and the top."""
    content = page.content.decode().partition('<main id="main"')[2]
    return {unescape(each) for each in re.findall(r'href="(/[^"]*)"', content)}


@pytest.mark.parametrize("who", ["superior", "planner", "auditor", "negotiator", "commissioner_general"])
@pytest.mark.parametrize("code", ["RTP", "IMM", "IMM-D1"])
def test_whatever_an_overview_links_to_opens(world, visit, client, who, code):
    world.agreement(Stage.CLOSED)
    world.agreement(Stage.EVALUATION, code="IMM-D2")
    page = visit(world.people.get(who), OVERVIEW, code)
    if page.status_code == 404:
        assert who in ("superior", "negotiator")
        assert code == "RTP"
        return
    found = links_of(page)
    answers = {each: client.get(each).status_code for each in found}
    assert {each: status for each, status in answers.items() if status != 200} == {}
    assert found


def test_a_dimensions_figure_leads_to_its_lowest_line(world, visit, client, words):
    world.agreement(Stage.CLOSED)
    world.agreement(Stage.EVALUATION, code="IMM-D2")
    page = visit(world.people.superior, OVERVIEW, "IMM")

    for line in page.context["heat"]:
        for (number, _name), cell in zip(page.context["overview"].dimensions, line.cells, strict=True):
            lowest = line.row.board.lowest_in(number)
            inside = [each for each in line.row.board.lines if each.line.dimension == number]
            assert lowest.score == min(each.score for each in inside)
            assert lowest.line.name in words(client.get(cell.url))
