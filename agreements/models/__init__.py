"""What an agreement is made of: plan, agreement and lines, signing rule, snapshots and documents."""

from agreements.models.agreement import Agreement, Line, LineCollector, Source
from agreements.models.library import Mandate, SheetAnswer
from agreements.models.plan import ActionPlan, PlanItem
from agreements.models.print_run import PrintedDocument, PrintRun
from agreements.models.questions import ThreeAnswers
from agreements.models.receiver import ReceiverChoice
from agreements.models.record import Document, Snapshot
from agreements.models.rule import SigningRule, SigningSlot
from agreements.models.scope import AppointmentAgreement
from agreements.models.seal import SealCertificate, SealLevel
from agreements.models.wording import Wording

__all__ = [
    "ActionPlan", "Agreement", "AppointmentAgreement", "Document", "Line", "LineCollector", "Mandate", "PlanItem",
    "PrintRun", "PrintedDocument", "ReceiverChoice", "SealCertificate", "SealLevel", "SheetAnswer", "SigningRule",
    "SigningSlot", "Snapshot", "Source", "ThreeAnswers", "Wording",
]  # fmt: skip
