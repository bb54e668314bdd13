"""Affiliation (สังกัด) is a dated fact: it begins by an act and ends by an act, and its past stays."""

from django.core.exceptions import ValidationError

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import Affiliation
from orgunits.tree import tree_lock


def affiliate(unit, body, *, since, until=None, by, at):
    """The unit is under the body from `since` up to, and not on, `until`; refused where it is under one already."""
    with acting(by, at=at) as record, tree_lock():
        affiliation = Affiliation(unit=unit, body=body, since=since, until=until)
        _checked(affiliation).save()
        record("orgunits.affiliate", unit, change={"body": ["", body.code], "since": ["", since.isoformat()]})
        return affiliation


def end_affiliation(affiliation, *, until, by, at):
    """The affiliation holds up to, and not on, `until`."""
    with acting(by, at=at) as record, tree_lock():
        affiliation = Affiliation.objects.select_related("unit", "body").get(pk=affiliation.pk)
        old, affiliation.until = affiliation.until, until
        _checked(affiliation).save()
        change = {"body": [affiliation.body.code] * 2, "until": [old.isoformat() if old else "", until.isoformat()]}
        record("orgunits.end_affiliation", affiliation.unit, change=change)
        return affiliation


def _checked(affiliation):
    try:
        affiliation.full_clean()
    except ValidationError as wrong:
        raise Refused([Refusal(sentence) for sentence in wrong.messages], incomplete=True) from wrong
    return affiliation
