"""Who could sign an agreement on a day, as a page shows it: place by place, who may and who may not, and why."""

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.signing_rule import slots_of
from agreements.stages import IN_FORCE
from workflow.models import Amendment
from workflow.rules import authority_on


def authority_page(agreement, *, on, at):
    """Context of desk/authority.html."""
    thing = _to_sign(agreement)
    places = [_place(authority_on(thing, slot.key, on)) for slot in slots_of(agreement)]
    return {"on": on, "is_today": on == timezone.localdate(at), "places": places}


def _to_sign(agreement):
    """The amendment that lies before the signatories, whose signatures are its own; else the agreement."""
    found = agreement.stage in IN_FORCE and agreement.amendments.filter(stage=Amendment.Stage.SIGNING).first()
    if not found:
        return agreement
    found.agreement = agreement
    return found


def _place(authority):
    others = [each for each in authority.candidates if not each.may]
    posts = authority.slot.posts
    return {
        "label": authority.slot.label,
        "posts": _(" or ").join(post.title for post in posts),
        "able": authority.able,
        "others": others,
        "unit": posts[0].unit if posts else None,
    }
