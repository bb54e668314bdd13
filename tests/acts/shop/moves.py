"""The shop's table of moves: one of each kind."""

from django.db.models import F

from acts.engine import Move, Refusal, Table

from .models import Parcel, Receipt

S = Parcel.Stage


def is_clerk(parcel, actor, at):
    return None if actor.username == "clerk" else Refusal("Only the clerk may do this.")


def anybody(parcel, actor, at):
    return None


def has_label(parcel, actor, at):
    if not parcel.label:
        yield Refusal("Write a label.", "#id_label")


def is_light(parcel, actor, at):
    if parcel.weight > 20:
        yield Refusal("Take something out.", "#id_weight")


def write_receipt(parcel, actor, at, facts):
    Receipt.objects.create(parcel_id=parcel.pk, text=f"{facts['came_from']} → {parcel.stage}: {facts['reason']}")


def add_stamp(parcel, actor, at, facts):
    Parcel.objects.filter(pk=parcel.pk).update(weight=F("weight") + int(facts.get("stamp", 0)))


def new_label(parcel, actor, at, facts):
    return {"label": facts["label"]}


def text_of(parcel):
    return parcel.label


MOVES = Table(
    "shop",
    (
        Move("pack", "Pack", (S.OPEN,), S.PACKED, may=is_clerk, checks=(has_label, is_light),
             follows=(write_receipt, add_stamp)),
        Move("unpack", "Unpack", (S.PACKED,), S.OPEN, may=is_clerk, asks_reason=True, follows=(write_receipt,)),
        Move("relabel", "Relabel", (S.OPEN, S.PACKED), None, may=anybody, sets=new_label),
        Move("send", "Send", (S.PACKED,), S.SENT, may=is_clerk, step_up=True, bound_to=text_of),
    ),
    stages=S,
)  # fmt: skip
