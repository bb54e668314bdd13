"""What of a line is locked: where the library made its sheet mandatory, all that the version doesn't leave to the unit."""

from django.db import router
from django.db.models.deletion import Collector, ProtectedError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from agreements.models import Line
from indicators.library_models import CONTENT, FIELDS_OF, UnitSets
from orgunits.holders import help_for
from orgunits.roles import Role

# Besides what the sheet says: where the line stands, and what versions may leave to the units.
LOCKABLE = frozenset({*CONTENT, "source"}).union(*FIELDS_OF.values())


def locked_fields(line):
    """The names of the line's fields that its unit may not set; of a line that isn't mandatory, none."""
    return LOCKABLE - line.sheet_version.set_by_units if line.mandated else frozenset()


def refuse_locked(line, names):
    """Raises Refused where one of these fields of the line, which are to change, is locked."""
    wanted = locked_fields(line).intersection(names)
    if wanted:
        raise Refused([lock_refusal(line, wanted)])


def lock_refusal(line, names):
    """Why these fields of the line can't be changed, and who can help."""
    fields = get_text_list([label_of(name) for name in sorted(names)], _("and"))
    sentence = _("“%(fields)s” is set by the library's mandatory sheet %(code)s; nothing of it was changed.")
    sheet = line.sheet
    return Refusal(sentence % {"fields": fields, "code": sheet.code}, rule=lock_rule(line), help=who_keeps(sheet))


def lock_rule(line):
    """The rule that locks, with what the unit may set itself."""
    free = get_text_list([str(UnitSets(each).label) for each in line.sheet_version.unit_sets], _("and"))
    if not free:
        return _("A mandatory sheet is the same in every agreement; units set nothing of it.")
    return _("A mandatory sheet is the same in every agreement; units set: %(free)s.") % {"free": free}


def who_keeps(sheet, at=None):
    """Who can change the sheet: lines of text, found once they are read."""
    return help_for(Role.PLANNER, [sheet.owner_id], at or timezone.now())


def label_of(name):
    """A field of the line in words."""
    return str(_("collectors") if name == "collectors" else Line._meta.get_field(name).verbose_name)


def refuse_removal(lines):
    """Raises Refused where one of the lines has to be in the agreement."""
    refusals = [refusal for line in lines if (refusal := removal_refusal(line))]
    if refusals:
        raise Refused(refusals)


def removal_refusal(line):
    """Why the line can't be taken out of its agreement; None where it can."""
    if not line.mandated:
        return None
    sentence = _("“%(name)s” is mandatory by the library's sheet %(code)s, so it can't be removed.")
    rule = _("What the library makes mandatory stands in every agreement it concerns.")
    return Refusal(sentence % {"name": line.name, "code": line.sheet.code}, rule=rule, help=who_keeps(line.sheet))


def refuse_negotiated(line):
    """Raises Refused where the negotiation has spoken of the line or of a part of it; asked before it is removed."""
    try:
        Collector(using=router.db_for_write(Line), origin=line).collect([line])
    except ProtectedError as refers:
        raise negotiated() from refers


def negotiated():
    """The Refused of a line that offers or comments are about."""
    return Refused([Refusal(_("This indicator is already part of the negotiation, so it can't be removed."))])


def refuse_parts(line):
    """Raises Refused where the line is measured as a whole, as the library says."""
    if line.mandated:
        sentence = _("“%(name)s” is a mandatory sheet of the library; it isn't divided into parts.")
        raise Refused([Refusal(sentence % {"name": line.name}, rule=lock_rule(line), help=who_keeps(line.sheet))])
