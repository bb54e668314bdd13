"""What an agreement is made of: plan, agreement and lines, signing rule, snapshots and documents."""

from agreements.models.agreement import Agreement, Line, Source
from agreements.models.plan import ActionPlan, PlanItem
from agreements.models.receiver import ReceiverChoice
from agreements.models.record import Document, Snapshot
from agreements.models.rule import SigningRule

__all__ = [
    "ActionPlan", "Agreement", "Document", "Line", "PlanItem", "ReceiverChoice", "SigningRule", "Snapshot", "Source",
]  # fmt: skip
