"""What the sides say to each other: comments with replies and files, and the people whom they call on."""

from django.db.models import F, Q
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from agreements.models import Agreement
from thai.text import tidy
from workflow.files import keep
from workflow.models import Comment, Mention
from workflow.offers import speaking
from workflow.rules import open_round
from workflow.sides import people_of_both_sides

# A mention that the person may know of: by their own side, or handed over to it.
MENTION_KNOWN = Q(comment__handed_over_at__isnull=False) | Q(side=F("comment__side"))


def say(agreement, text, *, line=None, reply_to=None, people=(), files=(), actor, at):
    """Comment on a line, or on the agreement, in the open round; or reply to what was said.

    `people`: users of either side to call on. Raises results.evidence.NotEvidence for a file that can't be taken.
    """
    text = tidy(text)
    with acting(actor, at=at) as record:
        held, side = speaking(agreement, actor, at)
        if not text:
            raise Refused([Refusal(_("Please write the comment."), "#id_text")], incomplete=True)
        beginning = (reply_to.reply_to or reply_to) if reply_to else None
        said = {"round": open_round(held), "line": beginning.line if beginning else line, "reply_to": beginning}
        said |= {"calls_on": [str(user) for user in people], "files": keep(files)}
        comment = Comment.objects.create(**said, text=text, side=side, made_by=str(actor), made_at=at)
        _mention(comment, held, people, at)
        if beginning:
            _seen(Mention.objects.filter(Q(comment=beginning) | Q(comment__reply_to=beginning), user_id=actor.pk), at)
        record("comment", held, text=text)
    return comment


def _mention(comment, agreement, people, at):
    """Call on people; whoever has no part in the agreement can't be."""
    if not people:
        return
    sides = {each.user.pk: each.side for each in people_of_both_sides(agreement, at)}
    if any(user.pk not in sides for user in people):
        raise Refused([Refusal(_("You can only call on people of the two sides of this agreement."), "#id_people")])
    Mention.objects.bulk_create(Mention(comment=comment, user=user, side=sides[user.pk]) for user in people)


def waiting_mentions(user, at):
    """Where comments call on the person, unseen: those of their own side, and those that were handed over to it."""
    theirs = Agreement.objects.followed_by(user, at)
    found = Mention.objects.filter(MENTION_KNOWN, user=user, seen_at=None, comment__round__agreement__in=theirs)
    related = ("comment__line", "comment__round__agreement__unit", "comment__round__agreement__fiscal_year")
    return found.select_related(*related).order_by("-pk")


def take_note(mention, *, actor, at):
    """The person has seen where they were called on; a second time changes nothing."""
    with acting(actor, at=at) as record:
        if _seen(Mention.objects.filter(pk=mention.pk, user_id=actor.pk), at):
            record("take_note", mention.comment.round.agreement)


def _seen(mentions, at):
    return mentions.filter(seen_at=None).update(seen_at=at)
