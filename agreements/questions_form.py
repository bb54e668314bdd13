"""The form of the three questions: a row for each indicator that is measured itself."""

from django import forms

from agreements.models import ThreeAnswers
from agreements.other_lines import refuse_texts_of_others, sent_of_others
from agreements.questions import QUESTIONS, answers_of
from agreements.rules import leaf_lines
from thai.fields import TidyTextField
from thai.numbers import measured

LONG = 2000


class QuestionsForm(forms.Form):
    """The answers of every indicator. Where there are none yet, the sheet suggests two of them.

    `rows`: [(numbered line, version, its three fields)].
    """

    use_required_attribute = False
    optional_marks = False

    def __init__(self, data=None, *, agreement, **more):
        super().__init__(data, auto_id="%s", **more)
        self.kept, self.numbered = answers_of(agreement), leaf_lines(agreement)
        for each in self.numbered:
            given = self.kept.get(each.line.pk) or _suggested(each.line)
            self.fields[f"version-{each.line.pk}"] = forms.IntegerField(
                min_value=0, initial=given.version if given.pk else 0, widget=forms.HiddenInput
            )
            for name in QUESTIONS:
                self.fields[f"{name}-{each.line.pk}"] = TidyTextField(
                    label=ThreeAnswers._meta.get_field(name).verbose_name,
                    required=False,
                    max_length=LONG,
                    initial=getattr(given, name),
                    widget=forms.Textarea({"rows": 2}),
                )

    @property
    def rows(self):
        return [
            (
                each,
                self[f"version-{each.line.pk}"],
                [self[f"{name}-{each.line.pk}"] for name in QUESTIONS],
            )
            for each in self.numbered
        ]

    def clean(self):
        refuse_texts_of_others(sent_of_others(self, QUESTIONS))
        return super().clean()

    def given(self):
        """What `agreements.questions.save_answers` takes."""
        return [
            (each.line, self.answers(each.line), self.cleaned_data[f"version-{each.line.pk}"]) for each in self.numbered
        ]

    def answers(self, line):
        return {name: self.cleaned_data[f"{name}-{line.pk}"] for name in QUESTIONS}


def _suggested(line):
    """Answers that the sheet gives already, to be looked over."""
    target = "" if line.target is None else measured(line.target, line.unit_of_measure)
    return ThreeAnswers(measures=line.name, target_is=target)
