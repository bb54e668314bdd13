"""Whose turn it is at the amendments: for lists of them, by the same roles as the agreements' own turns."""

from django.db.models import Exists, F, OuterRef, Q, Subquery

from agreements.models import Agreement
from agreements.models.sight import any_of
from agreements.stages import Pen, Stage
from agreements.standing import As, acts_somewhere, awaiting, next_to_sign, those_where
from workflow.amendment import WRITERS
from workflow.models import Amendment, Reading, Side, SigningRefusal

# Who has something to do while the pen is there: staff and their head's office hold it together.
HANDS = {Pen.STAFF: WRITERS[Side.OWNER], Pen.NEGOTIATOR: WRITERS[Side.COUNTERPART]}
OWNERS, OTHERS = (As.STAFF, As.OFFICE, As.HEAD), (As.NEGOTIATOR, As.SUPERIOR)


def amendments_awaiting(user, at):
    """The open amendments that lie in the hand of `user`."""
    return _going_on().filter(in_the_hand_of(user, at))


def amendments_to_sign(user, at):
    """The amendments that wait for the person's signature, the longest first, as `workflow.sitting.waiting` of agreements."""
    read = Reading.objects.filter(snapshot=OuterRef("snapshot"), user_id=user.pk)
    found = amendments_awaiting(user, at).filter(stage=Amendment.Stage.SIGNING).order_by("pen_since", "pk")
    return found.annotate(sha256=F("snapshot__sha256"), read_at=Subquery(read.values("read_at")[:1]))


def amendments_taken_part_in(user, at):
    """The open amendments that `user` acts in for one side; the other side knows of none before it is asked."""
    theirs = any_of(_of(those_where(user, role, at)) for role in OWNERS)
    asked = any_of(_of(those_where(user, role, at)) for role in OTHERS) & ~Q(stage=Amendment.Stage.DRAFT)
    return _going_on().filter(theirs | asked | in_the_hand_of(user, at))


def waiting_for(user, at):
    """How many turns wait for the person, of agreements and amendments together; in one query, none for who never acts."""
    if not acts_somewhere(user, at):
        return 0
    agreements = Agreement.objects.filter(awaiting(user, at)).order_by().values("pk")
    return agreements.union(amendments_awaiting(user, at).order_by().values("pk"), all=True).count()


def with_last_refusal(amendments):
    """Each with `refused_by` and `refused_why`: of the text that was last laid before the signatories; None if signed."""
    refusal = SigningRefusal.objects.filter(snapshot=OuterRef("snapshot")).order_by("-pk")
    last = {"refused_by": Subquery(refusal.values("name")[:1]), "refused_why": Subquery(refusal.values("reason")[:1])}
    return amendments.annotate(**last)


def _going_on():
    """Once the scores are being settled, what was begun and never asked for leads nowhere."""
    return Amendment.objects.open().filter(agreement__stage=Stage.ASSESSMENT)


def in_the_hand_of(user, at):
    """A condition on amendments: those whose pen is in the hand of `user`."""
    writing = (Q(pen=pen) & _of(those_where(user, role, at)) for pen, roles in HANDS.items() for role in roles)
    signing = (Q(pen=role.value) & _of(_next(user, at, role)) for role in (As.HEAD, As.SUPERIOR))
    return any_of([*writing, *signing])


def _next(user, at, role):
    return next_to_sign(user, at, role, signer=OuterRef("signer"))


def _of(condition):
    """A condition on agreements, as one on their amendments."""
    return Q(Exists(Agreement.objects.filter(condition, pk=OuterRef("agreement_id"))))
