"""The evidence of a result as its page shows it: each file with what it proves, and which levels have some."""

from dataclasses import dataclass

from desk.levels import level_cells
from results.forms import ChangeEvidenceForm
from results.models import Evidence
from results.preview import DRAWN
from results.proved_levels import proved_levels


@dataclass(frozen=True)
class File:
    """A piece of evidence, with the form of its facts where they may be changed."""

    evidence: Evidence
    form: ChangeEvidenceForm | None = None
    is_drawn: bool = False


@dataclass(frozen=True)
class Level:
    """A level of the checklist (results.proved_levels.Proved) with what it asks for."""

    number: int
    text: str
    files: int
    wants: bool


def files(row, *, changes, typed=None):
    """The Files of a row of a report. `changes`: may their facts be changed; `typed`: {id: form} that was refused."""
    return [
        File(
            each,
            (typed or {}).get(each.pk) or (_form(row, each) if changes else None),
            each.kind in DRAWN,
        )
        for each in row.evidence
    ]


def _form(row, evidence):
    return ChangeEvidenceForm(evidence=evidence, levels=row.line.scale.levels)


def levels(row):
    """The checklist of a row: its Levels from the first; none where it has none."""
    texts = _texts(row.line, row.line.scale.levels)
    return [Level(each.number, texts[each.number - 1], each.files, each.wants) for each in proved_levels(row)]


def _texts(line, count):
    """What each level asks for: its words, else its value."""
    cells = [each["value"] for each in level_cells(line, None)] + [""] * count
    return [(line.texts[place] if place < len(line.texts) else "") or cells[place] for place in range(count)]
