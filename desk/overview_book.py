"""The overview as an Excel file: what its page shows, a row for each unit, with the years before beside the total."""

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from desk.overview import years_compared
from desk.overview_page import scale_range
from results.working_files import SCORE, add_row, begin_sheet
from thai.dates import thai_date

COUNT = "0"


def overview_xlsx(overview, on):
    """The bytes of the file, in the reader's language; `on`: the day it tells of."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Overview")
    heads = [*_heads(overview), (_("Remark"), 50)]
    begin_sheet(sheet, _title(overview), thai_date(on, "long"), heads)
    for row in _in_order(overview):
        add_row(sheet, _texts(row), _numbers(overview, row), after=_remark(overview, row))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _title(overview):
    said = {"unit": overview.unit.short_name, "year": overview.year}
    return _("Overview of %(unit)s, fiscal year %(year)s") % said


def _heads(overview):
    texts = [(_("Unit"), 16), (_("Full name"), 40), (_("Stage"), 20), (_("Whose turn"), 26), (_("Scores"), 22)]
    counts = [(_("Days late"), 10), (_("Agreements below"), 12), (_("of units below"), 12), (_("Late below"), 10)]
    scores = [(name, 14) for _number, name in overview.dimensions]
    return [*texts, *counts, *scores, *((_total(overview, year), 12) for year in years_compared(overview.year))]


def _total(overview, year):
    return _("Total") if year == overview.year else _("Total %(year)s") % {"year": year}


def _in_order(overview):
    """The unit itself, then the units below: those with scores the lowest first, the others as the tree has them."""
    itself = [row for row in overview.rows if row.is_self]
    compared = [row for row in overview.compared if not row.is_self]
    return [*itself, *compared, *(row for row in overview.others if row not in compared)]


def _texts(row):
    return [row.unit.short_name, row.unit.name, *_where_it_stands(row), _kind_of_scores(row)]


def _where_it_stands(row):
    """(stage, whose turn), in words."""
    if row.own is None:
        made = _("No agreement has been submitted yet.") if row.unit.signs_agreement else ""
        return made or _("Makes no agreement of its own."), ""
    return str(row.own.agreement.get_stage_display()), "" if row.own.is_closed else row.own.holder


def _kind_of_scores(row):
    """Final or the unit's own; and of which round."""
    if row.board is None or row.board.total is None:
        return ""
    return _("final") if row.board.is_released else " · ".join([_("self-assessed"), row.board.round])


def _numbers(overview, row):
    late = row.lateness[0] or None
    below = (row.below.total, row.below.signing, row.below.late) if row.leads_on else (None,) * 3
    counts = [(each, COUNT) for each in (late, *below)]
    scores = row.board.by_dimension if row.board else {}
    years = [row.totals.get(year) for year in years_compared(overview.year)[1:]]
    totals = [row.board.total if row.board else None, *years]
    return [*counts, *((each, SCORE) for each in (*map(scores.get, overview.dimensions), *totals))]


def _remark(overview, row):
    """On which scale its scores stand, where the file has several: such figures aren't to be compared."""
    years = [year for year in years_compared(overview.year) if year in row.totals or _is_scored(overview, row, year)]
    told = {row.scale(year) for year in years}
    if len(_scales(overview)) < 2 or not told:
        return ""
    if len(told) == 1:
        return _("scale %(scale)s") % {"scale": scale_range(told.pop())}
    each = (_("%(year)s: scale %(scale)s") % {"year": year, "scale": scale_range(row.scale(year))} for year in years)
    return " · ".join([*each, _("figures on different scales are not compared")])


def _is_scored(overview, row, year):
    return year == overview.year and row in overview.scored


def _scales(overview):
    before = {row.scale(year) for row in overview.rows for year in row.totals}
    return before | set(overview.scales)
