"""What the planning office has announced to the public: some drafts of this year, some signed agreements of two."""

from accounts.models import User
from acts.engine import StepUp
from agreements.models import Agreement
from desk.demo.years import PLANNER
from workflow.models import Publication
from workflow.publication import announce, paper_to_announce

# (unit, years ago, kind)
ANNOUNCED = (
    ("IMM-D1", 1, Publication.Kind.SIGNED),
    ("TPB", 0, Publication.Kind.SIGNED),
    ("OCG-PRD", 0, Publication.Kind.SIGNED),
    ("IMM-GS", 0, Publication.Kind.DRAFT),
    ("IMM-D6", 0, Publication.Kind.DRAFT),
)


def announce_some(timing):
    """Announce what isn't announced yet; what people have withdrawn since stays withdrawn."""
    planner = User.objects.get(username=PLANNER)
    for code, years_ago, kind in ANNOUNCED:
        for agreement in Agreement.objects.filter(unit__code=code, fiscal_year__year=timing.year - years_ago):
            if not agreement.publications.filter(kind=kind).exists():
                announce_what_is_new(agreement, kind, planner, timing.now)


def announce_what_is_new(agreement, kind, planner, at):
    """Announce what there is of that kind now, if anything."""
    paper = paper_to_announce(agreement, kind)
    if paper:
        proof = StepUp(planner.pk, at, paper.snapshot.sha256)
        announce(agreement, kind, version=1, step_up=proof, actor=planner, at=at)
