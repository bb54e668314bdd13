"""What the public reads: announced agreements as a list, and one of them as a page and as files."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from agreements.freeze import thaw
from agreements.models import Document
from agreements.printed import printed
from agreements.public_edition import answers_in, public_sections
from thai.dates import local_date
from thai.language import in_thai
from workflow.models import Publication
from workflow.publication import public_paper
from workflow.superseding import place_of


def years_announced():
    """The fiscal years of which something is announced, the latest first."""
    years = Publication.objects.in_force().values_list("agreement__fiscal_year__year", flat=True)
    return sorted(set(years.order_by()), reverse=True)


def announcements_of(year, text):
    """What is announced of a year, one of each agreement, that holds all the words; in the order of the units."""
    return Publication.objects.foremost().in_year(year).holding(text.split()).for_list()


@dataclass(frozen=True)
class Shown:
    """One announcement as the public reads it. Its texts are Thai; it is read from its snapshot alone."""

    publication: Publication

    @cached_property
    def sections(self):
        return public_sections(thaw(self.publication.snapshot))

    @cached_property
    def paper(self) -> Document:
        return public_paper(self.publication)

    @cached_property
    def printed(self):
        with in_thai():
            return printed(self.sections, self.paper.certificate)

    @property
    def is_signed(self):
        return self.publication.kind != Publication.Kind.DRAFT

    @cached_property
    def place(self):
        """Its Place among the texts that were in force; None of a draft."""
        return place_of(self.publication.snapshot) if self.is_signed else None

    @cached_property
    def lines(self):
        """(sheet, its answers to the three questions or None where none were given) of each indicator."""
        answers = [answers_in(line) for line in self.sections["lines"]]
        return [
            (sheet, given if any(given) else None) for sheet, given in zip(self.printed["sheets"], answers, strict=True)
        ]

    @property
    def is_answered(self):
        """Are the three questions answered of any indicator?"""
        return any(given for _sheet, given in self.lines)

    def facts(self):
        """The announcement itself, for programs."""
        publication = self.publication
        return {
            "kind": publication.kind,
            "announced_at": publication.published_at.isoformat(),
            "content_sha256": publication.snapshot.sha256,
            "url": address_of(publication),
            "superseded_by": self._ended_by(),
            "signatures": [_signature(each) for each in self.paper.certificate["signatures"]],
        }

    def _ended_by(self):
        ended_by = self.place and self.place.ended_by
        return ended_by and {"amendment": ended_by.number, "on": local_date(ended_by.stage_since).isoformat()}


def _signature(signature):
    return {name: signature[name] for name in ("side", "name", "own_post", "capacity", "acted_post", "signed_at")}


def path_of(publication):
    """The path of an announcement's page."""
    agreement = publication.agreement
    return reverse("desk:public_agreement", args=[agreement.fiscal_year.year, agreement.unit.code])


def address_of(publication):
    """Where an announcement is read, whole: by the address of the settings, never by what the browser says."""
    return f"{settings.PUBLIC_URL}{path_of(publication)}"
