"""Where else the bytes of evidence are evidence: named in agreements that the reader may follow, counted in others."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q

from agreements.models import Agreement
from results.models import Evidence

# The columns of a Use, from a piece of evidence.
_USE = (
    "result__report__agreement",
    "result__report__agreement__code",
    "result__report__agreement__unit__abbr_th",
    "result__report__agreement__unit__name_th",
    "result__report__agreement__fiscal_year__year",
    "result__report__round__position",
    "result__line",
    "result__line__name",
)


@dataclass(frozen=True)
class Use:
    """A place where a file, by its content, is evidence."""

    agreement: int
    code: str
    abbreviation: str
    unit_name: str
    year: int
    position: int
    line: int
    name: str

    @property
    def unit(self):
        return self.abbreviation or self.unit_name

    @property
    def place(self):
        return self.code, self.position, self.line


@dataclass(frozen=True)
class Uses:
    """`known`: where the reader may look; `unread`: in how many agreements beside, of which nothing else is told."""

    known: tuple[Use, ...] = ()
    unread: int = 0


def uses_of(files, reader, at):
    """{SHA-256 of each of the files: its Uses, those as these files among them}; one query."""
    hashes = {each.sha256 for each in files}
    known, unread = defaultdict(list), defaultdict(set)
    for sha256, follows, *use in _rows(hashes, reader, at) if hashes else ():
        if follows:
            known[sha256].append(Use(*use))
        else:
            unread[sha256].add(use[0])
    return {each: Uses(tuple(known[each]), len(unread[each])) for each in hashes}


def _rows(hashes, reader, at):
    followed = Agreement.objects.followed_by(reader, at).order_by().values("pk")
    follows = ExpressionWrapper(Q(result__report__agreement__in=followed), BooleanField())
    rows = Evidence.objects.filter(sha256__in=hashes).annotate(follows=follows)
    latest_first = rows.order_by("result__report__agreement", "-result__report__round__position", "pk")
    return latest_first.values_list("sha256", "follows", *_USE)
