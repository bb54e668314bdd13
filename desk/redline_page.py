"""Two frozen texts of one agreement beside each other, as pages show them; and who conceded what."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.freeze import thaw
from agreements.models import Line, Snapshot
from agreements.redline import CLUSTER, Piece, marked
from agreements.rules import numbered_lines
from agreements.side_by_side import side_by_side
from agreements.stages import Stage
from desk.bargain import shown_value
from thai.dates import thai_datetime
from thai.numbers import show_digits
from workflow.concessions import DEFERRED, SETTLED, bargained
from workflow.handover import as_known, heard_by
from workflow.meetings import submissions
from workflow.models import Side
from workflow.offers import NUMBERS
from workflow.rules import offers_made
from workflow.superseding import amendment_of

Purpose = Snapshot.Purpose
# Which texts a side has sent itself.
SENT_BY = {
    Side.OWNER: (Purpose.SUBMITTED, Purpose.ANSWERED),
    Side.COUNTERPART: (Purpose.OFFERED, Purpose.INFORMALLY_AGREED),
}
SINCE_SENT, SINCE_REFUSED, SINCE_FIRST, SINCE_AMENDED = "sent", "refused", "first", "amended"
WHY_THESE = {
    SINCE_SENT: gettext_lazy("What has changed since the text that your side sent last."),
    SINCE_REFUSED: gettext_lazy("What has changed since the text that was last before the signatories."),
    SINCE_FIRST: gettext_lazy("What has changed since the unit first submitted it."),
    SINCE_AMENDED: gettext_lazy("What the last amendment changes in the text that was in force."),
}
# Until the committee's decisions are confirmed.
NEGOTIATED = (Stage.DRAFT, Stage.INFORMAL, Stage.FORMAL)
# So much of what stayed the same is shown on either side of a change in a long wording.
AROUND = 40


def texts_of(agreement):
    """The texts that were frozen when the agreement was handed over, oldest first, without their content."""
    return list(reversed(submissions(agreement)))


def what_matters(texts, begun, agreement, standing):
    """(before, after, why): the two texts that this reader most likely wants to compare."""
    amended = _amended_last(texts, begun)
    if amended:
        return (*amended, SINCE_AMENDED)
    after = texts[-1]
    if agreement.stage in NEGOTIATED:
        side = Side.OWNER if standing.is_owners else Side.COUNTERPART if standing.is_counterparts else None
        sent = [each for each in texts[:-1] if each.purpose in SENT_BY.get(side, ())]
        return (sent[-1], after, SINCE_SENT) if sent else (texts[0], after, SINCE_FIRST)
    refused = [each for each in texts[:-1] if each.purpose == Purpose.TO_SIGN]
    return (refused[-1], after, SINCE_REFUSED) if refused else (texts[0], after, SINCE_FIRST)


def title_of(snapshot, amendment=None):
    """What a frozen text is called where one is chosen: its number, the amendment it belongs to, why and when frozen."""
    named = _("amendment %(number)s: ") % {"number": amendment.number} if amendment else ""
    when = thai_datetime(snapshot.taken_at, "medium")
    return f"{snapshot.sequence}. {named}{snapshot.get_purpose_display()} ({when})"


class ChooseForm(forms.Form):
    """Which two texts are compared; the earlier one always comes first."""

    optional_marks = required_marks = False
    before = forms.TypedChoiceField(label=gettext_lazy("Compare the text"), coerce=int)
    after = forms.TypedChoiceField(label=gettext_lazy("with the text"), coerce=int)

    def __init__(self, *args, texts, begun, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_sequence = {each.sequence: each for each in texts}
        choices = [(each.sequence, show_digits(title_of(each, amendment_of(each, begun)))) for each in texts]
        for name in ("before", "after"):
            self.fields[name].choices = choices
            self.fields[name].error_messages |= dict.fromkeys(
                ("invalid_choice", "required"), gettext_lazy("Please choose one of the texts in the list.")
            )

    def clean(self):
        given = super().clean()
        if given.get("before") is not None and given.get("before") == given.get("after"):
            self.add_error("after", _("Please choose two different texts."))
        return given

    @property
    def pair(self):
        """(the earlier, the later)"""
        chosen = sorted((self.cleaned_data["before"], self.cleaned_data["after"]))
        return tuple(self.by_sequence[sequence] for sequence in chosen)


def _amended_last(texts, begun):
    """(the text that was in force, that of the last amendment) where one was asked for and not given up; None else."""
    goes_on = [each for each in begun if each.is_open or each.is_in_force]
    belonging = ((text, amendment_of(text, begun)) for text in reversed(texts))
    after, amendment = next(((text, each) for text, each in belonging if each in goes_on), (None, None))
    return amendment and (next(text for text in texts if text.pk == amendment.amends_id), after)


def compared(before, after):
    """The Redline of two snapshots."""
    return side_by_side(thaw(before), thaw(after))


# Who conceded what


@dataclass(frozen=True)
class Conceded:
    """A field that was negotiated. `stands`: [(unit, [a value as pieces], moved, share of the way)], the owner's first."""

    number: str
    line: Line
    label: str
    stands: list
    outcome: str
    state: str
    movers: list


@dataclass(frozen=True)
class Tally:
    """How many fields each side gave way in, alone and together, and how many are not settled."""

    owner: int
    counterpart: int
    both: int
    unsettled: int


def conceded(agreement, *, user, at):
    """[Conceded] of the offers, in the order of the lines, as far as this person knows of them."""
    numbered = {each.line.pk: each for each in numbered_lines(agreement)}
    units = {Side.OWNER: agreement.unit.short_name, Side.COUNTERPART: agreement.counterpart.short_name}
    known = as_known(offers_made(agreement), heard_by(user, agreement, at))
    found = bargained(known, is_over=agreement.stage not in NEGOTIATED)
    order = {pk: place for place, pk in enumerate(numbered)}
    return [_conceded(each, numbered[each.line_id], units) for each in sorted(found, key=lambda b: order[b.line_id])]


def _conceded(each, numbered, units):
    return Conceded(
        number=numbered.number,
        line=numbered.line,
        label=str(Line._meta.get_field(each.field).verbose_name),
        stands=[(units[side], _stands(each, side), each.moved(side), each.share(side)) for side in Side],
        outcome=_outcome(each),
        state=each.state,
        movers=[units[side] for side in each.movers],
    )


def _outcome(each):
    """What came of it, in words; of a wording only that it is settled: it stands in the agreement."""
    if each.state != SETTLED:
        return _("left to the formal negotiation") if each.state == DEFERRED else _("not answered yet")
    if each.field in NUMBERS:
        return shown_value(each, each.outcome)
    return _("the text as it was") if each.outcome == each.start else _("another wording")


def _stands(each, side):
    """The values that a side stood for: figures as they are, a wording by what it changes in the text as it was."""
    if each.field in NUMBERS:
        return [[Piece("same", shown_value(each, value))] for value in each.stands[side]]
    return [_wording(each.start, value) for value in each.stands[side]]


def _wording(start, value):
    if value == start:
        return [Piece("same", _("the text as it was"))]
    return [shortened(piece) for piece in marked(start, value)]


def shortened(piece):
    """A piece with the middle of what stayed the same left out."""
    if piece.op != "same" or len(piece.text) <= 2 * AROUND:
        return piece
    tokens = CLUSTER.findall(piece.text)
    ending = "".join(reversed(_as_far_as_a_space(reversed(tokens))))
    return Piece("same", f"{''.join(_as_far_as_a_space(tokens))} … {ending}")


def _as_far_as_a_space(tokens):
    """So many letters of the tokens as are shown: up to the last space in their second half, never parting a letter."""
    kept, length, space = [], 0, None
    for token in tokens:
        if (length := length + len(token)) > AROUND:
            break
        if token.isspace() and length > AROUND // 2:
            space = len(kept)
        kept.append(token)
    return kept[:space]


def tally(found):
    """The Tally of [Conceded]."""
    settled = [[moved for _unit, _values, moved, _share in each.stands] for each in found if each.state == SETTLED]
    return Tally(
        owner=settled.count([True, False]),
        counterpart=settled.count([False, True]),
        both=settled.count([True, True]),
        unsettled=len(found) - len(settled),
    )
