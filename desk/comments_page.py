"""All that was said in the negotiation of an agreement, newest first; of the whole, or about one indicator."""

from django.core.paginator import Paginator

from agreements.rules import numbered_lines
from workflow.handover import comments_known
from workflow.models import Comment

ON_A_PAGE = 25
ABOUT_THE_WHOLE = "0"


def for_showing(comments):
    """The comments, each with what it replies to."""
    return comments.select_related("reply_to")


def comments_page(agreement, hears, *, line, page):
    """Context of desk/comments.html. `line`: the id of a line as text, "0" for what is about none, "" for everything.

    `hears`: the sides whose words the reader knows before they are handed over.
    """
    known = Comment.objects.filter(comments_known(hears), round__agreement=agreement)
    found = for_showing(known).order_by("-pk")
    numbered = {each.line.pk: each for each in numbered_lines(agreement)}
    if line == ABOUT_THE_WHOLE:
        found = found.filter(line=None)
    elif line:
        found = found.filter(line__in=[pk for pk in numbered if str(pk) == line])
    leaf = Paginator(found, ON_A_PAGE).get_page(page)
    return {
        "page": leaf,
        "said": [(comment, numbered.get(comment.line_id)) for comment in leaf],
        "query": f"line={line}&" if line else "",
    }
