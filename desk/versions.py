"""The version of a row that a page was made from, as the form brings it back."""


def posted_version(request, name="version"):
    """The version in the field `name`; 0, which fits no row, where the field is missing or was tampered with."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
