"""The version of a row that a page was made from, and the key of that page, as the form brings them back."""


def posted_version(request, name="version"):
    """The version in the field `name`; 0, which fits no row, where the field is missing or was tampered with."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def posted_page(request):
    """The key of the page (see acts.versions); "" where there is none, or none of ours."""
    text = request.POST.get("page", "")
    return text if text.isascii() and text.isalnum() and len(text) <= 32 else ""
