"""What an agreement is made of: plan, agreement and lines, signing rule, snapshots and documents."""

from agreements.models.agreement import Agreement, Line, LineCollector, Source
from agreements.models.library import Mandate, SheetAnswer
from agreements.models.plan import ActionPlan, PlanItem
from agreements.models.receiver import ReceiverChoice
from agreements.models.record import Document, Snapshot
from agreements.models.rule import SigningRule, SigningSlot
from agreements.models.scope import AppointmentAgreement

__all__ = [
    "ActionPlan", "Agreement", "AppointmentAgreement", "Document", "Line", "LineCollector", "Mandate", "PlanItem",
    "ReceiverChoice", "SheetAnswer", "SigningRule", "SigningSlot", "Snapshot", "Source",
]  # fmt: skip
