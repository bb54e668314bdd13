"""A stale save: what the person typed and what stands there now, side by side, and a choice. Nothing is lost."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.versions import posted_version


@dataclass(frozen=True)
class Clash:
    """One field on which the two differ: its name, label, both texts as they are read, and as they are sent."""

    name: str
    label: str
    theirs: str
    mine: str
    theirs_sent: str
    mine_sent: str


def stale_page(request, agreement, form, theirs, *, fields=None, version_field="version", back=""):
    """409: the differing fields with both texts, of which one is chosen for each, sent to the same address again.

    `theirs` is the row as it stands. `fields` maps a form's field to the row's, where they aren't all the same.
    `back`: the page that the form stands on, if that is another one. Either way leads to the first field that differs:
    a browser keeps the fragment of where a form is sent, unless the answer leads to another.
    """
    names = fields or {name: name for name in form.cleaned_data}
    clashes = [clash for name, column in names.items() if (clash := _clash(form, name, column, theirs))]
    field = f"#{form[clashes[0].name].id_for_label}" if clashes else ""
    context = {
        "agreement": agreement,
        "thing": str(theirs),
        "clashes": clashes,
        "kept": _kept(request, {version_field, *(clash.name for clash in clashes)}),
        "version_field": version_field,
        "version": theirs.version,
        "action": request.get_full_path() + field,
        "back": (back or request.get_full_path()) + field,
    }
    return render(request, "desk/stale.html", context, status=409)


def stale_field(request, form, name, theirs, *, column=None):
    """409 for one autosaved field: both texts and the new version, put beside the field.

    `column` is the row's name for the field, where it is another one.
    """
    context = {
        "name": name,
        "clash": _clash(form, name, column or name, theirs),
        "version": theirs.version,
        "seen": posted_version(request),
    }
    return render(request, "desk/_stale_field.html", context, status=409)


def _clash(form, name, column, theirs):
    bound = form[name]
    stored = getattr(theirs, column)
    if name not in form.cleaned_data or form.cleaned_data[name] == stored:
        return None
    mine = form.cleaned_data[name]
    return Clash(
        name, bound.label, _shown(bound, stored), _shown(bound, mine), _sent(bound, stored), _sent(bound, mine)
    )


def _sent(bound, value):
    """A value as the form's field sends it."""
    return "" if value is None else str(bound.field.prepare_value(getattr(value, "pk", value)))


def _shown(bound, value):
    """A value as people read it: the label of a choice, a number in its digits, text as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        return str(dict(_flat(choices)).get(str(getattr(value, "pk", value)), value))
    return str(bound.field.prepare_value(value))


def _flat(choices):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(inner), text) for inner, text in label)
        else:
            yield str(value), label


def _kept(request, chosen):
    """Everything posted but the token and what is chosen anew, to post again: [(name, value)]."""
    left_out = {"csrfmiddlewaretoken", *chosen}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
