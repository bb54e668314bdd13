"""A stale save: what the person typed and what stands there now, side by side, and a choice. Nothing is lost."""

from dataclasses import dataclass

from django.shortcuts import render

from desk.versions import posted_version


@dataclass(frozen=True)
class Clash:
    """One field on which the two differ: its name, label, their text, mine."""

    name: str
    label: str
    theirs: str
    mine: str


def stale_page(request, agreement, form, theirs, *, fields=None, version_field="version"):
    """409: the differing fields with both texts, and a form that saves mine over theirs, posted to the same address.

    `theirs` is the row as it stands. `fields` maps a form's field to the row's, where they aren't all the same.
    """
    names = fields or {name: name for name in form.cleaned_data}
    context = {
        "agreement": agreement,
        "thing": str(theirs),
        "clashes": [clash for name, column in names.items() if (clash := _clash(form, name, column, theirs))],
        "kept": _kept(request, version_field),
        "version_field": version_field,
        "version": theirs.version,
        "action": request.get_full_path(),
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
    return Clash(name, bound.label, _shown(bound, stored), _shown(bound, form.cleaned_data[name]))


def _shown(bound, value):
    """A value as people read it: the label of a choice, a number in its digits, text as it is."""
    if value is None or value == "":
        return "–"
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


def _kept(request, version_field):
    """Everything posted but the version and the token, to post again: [(name, value)]."""
    left_out = {"csrfmiddlewaretoken", version_field}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
