"""The dry run: what a file that was sent would change, field by field, and all that is wrong with it. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from acts.reading import for_reading
from acts.refusals import Refused
from agreements.forms import LineForm
from agreements.locks import refuse_negotiated, refuse_parts, refuse_removal
from agreements.models import Agreement
from agreements.xlsx.cells import Wrong, text_of
from agreements.xlsx.columns import DETAILS, PARENT, SHEETS, TABLE
from agreements.xlsx.filled import Filled, filled
from agreements.xlsx.judged import judged
from agreements.xlsx.meta import Known
from agreements.xlsx.outcome import Added, Changed, FieldChange, Outcome, Removed
from agreements.xlsx.reading import Unreadable
from agreements.xlsx.texts import LineTexts, NumberedTexts, all_texts
from agreements.xlsx.upload import Problem, Row, Upload, is_new


def dry_run(agreement: Agreement, upload: Upload) -> Outcome:
    """What the file would change in the agreement as it stands. Raises Unreadable for another agreement's file."""
    if upload.meta.code != agreement.code:
        raise Unreadable(
            _("This file belongs to the agreement %(other)s, not to %(code)s. Nothing of it was taken over.")
            % {"other": upload.meta.code[:60], "code": agreement.code}
        )
    # An instance of its own: whatever is asked of it for each line is asked of the database once.
    return _Comparison(for_reading(Agreement.objects.get(pk=agreement.pk)), upload).run()


class _Comparison:
    """One agreement and one file. Each method adds to what is found."""

    def __init__(self, agreement: Agreement, upload: Upload) -> None:
        self.agreement, self.upload = agreement, upload
        self.texts, lines = all_texts(agreement)
        self.now = {each.line.pk: each for each in lines}
        sent = {name for names in upload.meta.columns.values() for name in names}
        self.names = [column.name for column in self.texts.columns if column.name in sent]
        self.found = Outcome(problems=list(upload.problems), hidden=upload.hidden)
        known = upload.meta.lines.items()
        self.found.numbers = {number: self.now[each.pk].line for number, each in known if each.pk in self.now}

    def run(self) -> Outcome:
        for number, known in self.upload.meta.lines.items():
            self._compare(number, known, self.now.get(known.pk))
        for number in self._new_numbers():
            self._add(number)
        self._removed_with_parts()
        sent = [number for number in self.upload.table if number in self.upload.meta.lines]
        self.found.reordered = sent != [number for number in self.upload.meta.lines if number in self.upload.table]
        return self.found

    # A line that the file knows

    def _compare(self, number: str, known: Known, now: NumberedTexts | None) -> None:
        row = self.upload.table.get(number)
        if row is None or row.is_blank or (row.cells.keys() <= {PARENT}):
            self._miss(number, known, now)
            return
        if now is not None:
            self._stays_a_part(number, row, now)
        found = self._filled(number, row)
        if found is None or found.texts.digest() == known.digest:
            return
        if now is None:
            self._say(row, "", _("This indicator was removed from the agreement meanwhile. Please clear its row."))
            return
        differing = found.differing(now.texts)
        if not differing and not found.unreadable:
            return
        if now.line.version != known.version:
            self._clash(now, [self._difference(found, name, now.texts) for name in differing])
            return
        self._change(now, found, differing)

    def _stays_a_part(self, number: str, row: Row, now: NumberedTexts) -> None:
        """What a line is a part of doesn't change by the file; where the cell reads otherwise, that is said."""
        stands = number.rpartition(".")[0] if now.line.parent_id else ""
        text = self._part_of(row)
        if text is None or text == stands:
            return
        sentence = _("The file can't put an indicator under another one. Please put this cell back: “%(stands)s”.")
        sentence = (
            sentence if stands else _("The file can't put an indicator under another one. Please clear this cell.")
        )
        more = _("To move it, fill it in once more in a row “ใหม่” and clear this row.")
        self._say(row, PARENT, f"{sentence % {'stands': stands}} {more}")

    def _miss(self, number: str, known: Known, now: NumberedTexts | None) -> None:
        """A row that is gone, or was cleared: said, and removed where that is ticked."""
        if now is None or not self._may_go(number, now):
            return
        if now.line.version != known.version:
            self._clash(now, [FieldChange(_("the whole indicator"), "", now.line.name, "")])
        else:
            self.found.removed.append(Removed(now.number, now.line.name, now.line))

    def _may_go(self, number: str, now: NumberedTexts) -> bool:
        """Whether the line may be removed at all; why not is said where its row stands, or stood."""
        row = self.upload.table.get(number)
        place, label = row.address("name") if row else "", f"{number} {now.line.name}"
        return all(
            self._refuse(ask, SHEETS[TABLE], place, label, _("Please put its row back as it was."))
            for ask in (lambda: refuse_removal([now.line]), lambda: refuse_negotiated(now.line))
        )

    def _clash(self, now: NumberedTexts, fields: list[FieldChange]) -> None:
        self.found.clashes.append(Changed(now.number, now.line.name, now.line, {}, fields))

    def _change(self, now: NumberedTexts, found: Filled, differing: list[str]) -> None:
        changes = self._changes(LineForm(line=now.line), found, differing)
        if changes and not found.unreadable:
            fields = [self._difference(found, name, now.texts) for name in differing if name in changes]
            self.found.changed.append(Changed(now.number, now.line.name, now.line, changes, fields))

    def _changes(self, form: LineForm, found: Filled, differing: list[str]) -> dict[str, Any] | None:
        """What the line takes of what differs; None after saying what is wrong with it."""
        judgement = judged(form, found, differing, texts=self.texts, file=self.upload.meta)
        for name, sentences in judgement.wrong.items():
            row = found.rows.get(name) or self.upload.table[found.number]
            for sentence in sentences:
                self._say(row, name, sentence)
        return None if judgement.wrong else judgement.changes

    # A line that is new

    def _new_numbers(self) -> list[str]:
        """The numbers of new lines, in the order of the table; then those that the table doesn't have."""
        table = [number for number, row in self.upload.table.items() if is_new(number) and not row.is_blank]
        details = [number for number, row in self.upload.details.items() if is_new(number) and not row.is_blank]
        others = [number for number in (*self.upload.items, *self.upload.collectors) if is_new(number)]
        return list(dict.fromkeys([*table, *details, *others]))

    def _add(self, number: str) -> None:
        row = self.upload.table.get(number)
        if row is None or row.is_blank:
            self._say(self._first_row(number), "", _begins_in_the_table() % {"number": number})
            return
        found, parent = self._filled(number, row), self._parent(row)
        if found is None or parent is None:
            return
        if not parent and not found.texts.cells["dimension"]:
            self._say(row, "dimension", _("Please choose the dimension of the new indicator."))
            return
        blank = LineTexts(dict.fromkeys(found.texts.cells, ""))
        differing = found.differing(blank)
        changes = self._changes(self.texts.form, found, differing)
        if changes is not None and not found.unreadable:
            dimension = None if parent else changes.pop("dimension", self.texts.form.line.dimension)
            fields = [self._difference(found, name, blank) for name in differing]
            values = {**changes, "dimension": dimension}
            self.found.added.append(Added(number, found.texts.cells["name"], values, parent, fields))

    def _parent(self, row: Row) -> str | None:
        """The number of what a new line is a part of, "" for none; None after saying what is wrong with it."""
        text = self._part_of(row)
        if text in self.found.numbers:
            whole = self.found.numbers[text]
            return text if self._refuse(lambda: refuse_parts(whole), row.sheet, row.address(PARENT)) else None
        if not text:
            return text
        other = self.upload.table.get(text)
        if is_new(text) and other is not None and not other.is_blank and not self._part_of(other):
            return text
        sentence = _("“%(number)s” is no indicator that this one could be a part of. Please choose from the list.")
        self._say(row, PARENT, sentence % {"number": text})
        return None

    def _part_of(self, row: Row) -> str | None:
        try:
            return text_of(row.cells.get(PARENT), is_number=False)
        except Wrong as why:
            self._say(row, PARENT, str(why))
            return None

    def _first_row(self, number: str) -> Row:
        if number in self.upload.details:
            return self.upload.details[number]
        rows = self.upload.items.get(number) or self.upload.collectors[number]
        return rows[0]

    # What is removed

    def _removed_with_parts(self) -> None:
        """A line goes with its parts: none of them may be left in the file, or hung under it."""
        gone = {each.line.pk: each for each in self.found.removed}
        for number, known in self.upload.meta.lines.items():
            now = self.now.get(known.pk)
            if now and now.line.parent_id in gone and now.line.pk not in gone and number in self.upload.table:
                sentence = _(
                    "This is a part of indicator %(number)s, whose row was cleared. Please clear both rows, or neither."
                )
                self._say(self.upload.table[number], "", sentence % {"number": gone[now.line.parent_id].number})

    # Reading and saying

    def _filled(self, number: str, row: Row) -> Filled | None:
        if number not in self.upload.details and not is_new(number):
            sentence = _("The sheet “%(sheet)s” has no row for %(number)s any more. Please put it back.")
            self._say(row, "", sentence % {"sheet": SHEETS[DETAILS], "number": number})
            return None
        return filled(self.upload, number, self.texts, self.names, self._say)

    def _refuse(self, ask: Callable[[], None], sheet: str, place: str, label: str = "", advice: str = "") -> bool:
        """Whether a rule of the screen lets it be; its sentences are said at the place, and what to do."""
        try:
            ask()
        except Refused as refused:
            sentences = [f"{each} {advice}".strip() for each in refused.refusals]
            self.found.problems += [Problem(str(sheet), place, label, sentence) for sentence in sentences]
            return False
        return True

    def _say(self, row: Row, name: str, sentence: str) -> None:
        self.found.problems.append(Problem(row.sheet, row.address(name), self.texts.labels.get(name, ""), sentence))

    def _difference(self, found: Filled, name: str, was: LineTexts) -> FieldChange:
        row = found.rows.get(name)
        place = f"{row.sheet} {row.address(name)}" if row else ""
        label = self.texts.labels.get(name, name)
        return FieldChange(label, place, was.shown(name), found.texts.shown(name), found.notes.get(name, ""))


def _begins_in_the_table() -> str:
    return _("A new indicator begins in the criteria table. Please fill in the row “%(number)s” there.")
