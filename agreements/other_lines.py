"""What a page sends about indicators that its form doesn't ask about (any more): told with its texts, never dropped."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def sent_of_others(form, names):
    """[text]: what was sent as `name-<id>`, for `names`, of indicators that the form has no such field for; no blanks."""
    ours = re.compile(rf"({'|'.join(map(re.escape, names))})-\d+")
    found = [name for name in form.data if ours.fullmatch(name) and name not in form.fields]
    return [text for text in (form.data[name].strip() for name in found) if text]


def refuse_texts_of_others(texts):
    """ValidationError that says so and quotes the texts, where there are any: they can be copied from it."""
    if texts:
        sentence = _(
            "The page holds texts about an indicator that is not, or no longer, asked about here: %(texts)s. Nothing was "
            "saved. Please copy what you still need of them and save again."
        )
        raise ValidationError(sentence % {"texts": _(", ").join(f"“{text}”" for text in texts)})
