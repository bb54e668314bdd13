"""The fields of a line that its unit may not set, in a form: shown to be read, and refused, in words, where sent."""

import re

from django.utils.translation import gettext

from agreements.locks import lock_refusal, lock_rule, locked_fields

# Fields that keep nothing themselves, and what they fill.
FILLING = {"start": "level_1", "step": "level_1", "paste": "level_1"}

# The five levels: it is said once, beside the kind of criteria.
PARTS = re.compile(r"(level|upper|text)_[1-5]$|start$|step$|averages$|paste$")


class LockedFields:
    """For a form about `self.line`: `lock()`, once all fields stand, and what is sent to a locked one is an error.

    A browser doesn't send what is disabled: whatever comes was made otherwise, or on a page from before the lock.
    """

    line = None
    locked = frozenset()

    def lock(self):
        """Disable what the line's sheet doesn't leave to the unit."""
        wanted = locked_fields(self.line)
        self.locked = frozenset(name for name in self.fields if kept_as(name) in wanted)
        for name in self.locked:
            field = self.fields[name]
            field.disabled, field.required, field.show_hidden_initial = True, False, False
            field.help_text = "" if PARTS.match(name) else gettext("Set by the library; it can't be changed here.")

    @property
    def lock_rule(self):
        """Why fields are locked, and what the unit sets itself; "" where nothing is."""
        return lock_rule(self.line) if self.locked else ""

    def full_clean(self):
        super().full_clean()
        if self.is_bound:
            for name in self.locked & self.fields.keys():
                if self._was_sent_otherwise(name):
                    self.add_error(name, lock_refusal(self.line, [kept_as(name)]).sentence)

    def _was_sent_otherwise(self, name):
        field = self.fields[name]
        place = self.add_prefix(name)
        if place not in self.data:
            return False
        sent = field.widget.value_from_datadict(self.data, self.files, place)
        field.disabled = False
        try:
            return field.has_changed(self.get_initial_for_field(field, name), sent)
        finally:
            field.disabled = True


def kept_as(name):
    """The column of a line that a field of a form keeps something of: items-0-text is a part of items."""
    if name.startswith("collector_"):
        return "collectors"
    return FILLING.get(name, name.partition("-")[0])
