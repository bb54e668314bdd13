"""What the sides say to each other: the page to say it, all of it, its files, and where one is called on."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carried import take
from acts.log import acting
from acts.refusals import Refused
from acts.vault import read
from desk.access import followed_agreement, once_back_to
from desk.comments_page import comments_page, for_showing
from desk.frame import frame
from results.evidence import CONTENT_TYPES, NotEvidence
from workflow import offers
from workflow.handover import comments_known, heard_by
from workflow.models import Comment, Mention
from workflow.sides import people_of_both_sides
from workflow.talk import MENTION_KNOWN, say, take_note
from workflow.talk_form import CommentForm


def known_comments(request, agreement):
    """The comments of the agreement that the person may read now."""
    hears = heard_by(request.user, agreement, timezone.now())
    return Comment.objects.filter(comments_known(hears), round__agreement=agreement)


@require_safe
def comments(request, code):
    """All that was said, a page at a time."""
    agreement = followed_agreement(request, code)
    hears = heard_by(request.user, agreement, timezone.now())
    said = comments_page(agreement, hears, line=request.GET.get("line", ""), page=request.GET.get("page"))
    side, _refusal = offers.side_to_speak(agreement, request.user, timezone.now())
    return render(request, "desk/comments.html", frame(request, agreement, "negotiation") | said | {"side": side})


@require_http_methods(["GET", "HEAD", "POST"])
@once_back_to("desk:negotiation")
def comment(request, code):
    """Say or ask something about a line, or about the whole agreement, or reply to what was said."""
    agreement = followed_agreement(request, code)
    _side, refusal = offers.side_to_speak(agreement, request.user, timezone.now())
    if request.method == "POST":
        return _say(request, agreement, refusal)
    about = {name: request.GET.get(sent) for name, sent in (("line", "line"), ("reply_to", "reply"))}
    return _page(request, agreement, _form(request, agreement, take(request), initial=about), refusal)


def _form(request, agreement, *sent, **more):
    others = [each for each in people_of_both_sides(agreement, timezone.now()) if each.user != request.user]
    return CommentForm(*sent, people=others, **more)


def _page(request, agreement, form, refusal, status=200):
    about = {"line": _found(agreement.lines, form["line"].value())}
    about["reply_to"] = _found(for_showing(known_comments(request, agreement)), form["reply_to"].value())
    context = {**frame(request, agreement, "negotiation"), "form": form, "refusal": refusal, **about}
    return render(request, "desk/comment.html", context, status=status)


def _found(rows, pk):
    """The row of that id, which people may have typed; 404 where there is none."""
    if not pk:
        return None
    return get_object_or_404(rows, pk=pk if str(pk).isdecimal() else 0)


def _say(request, agreement, refusal):
    if refusal:
        raise Refused([refusal])
    form, about = _sent(request, agreement)
    said = _record(request, agreement, form, about) if form.is_valid() else None
    if said is None:
        return _page(request, agreement, form, None, status=422)
    messages.success(request, _("The comment is recorded; the other side reads it when the pen is handed over."))
    anchor = f"#line-{said.line_id}" if said.line_id else ""
    return redirect(reverse("desk:negotiation", args=[agreement.code]) + anchor)


def _sent(request, agreement):
    """(form, what it is about). What it names that isn't there (any more) is said, and left out of the page shown next:
    nothing that was typed is lost.
    """
    sent, missing = request.POST.copy(), []
    rows = {"line": agreement.lines, "reply_to": known_comments(request, agreement)}
    about = {name: _row(found, sent.get(name)) for name, found in rows.items()}
    for name, row in about.items():
        if row is None and sent.get(name):
            sent[name] = ""
            missing.append(_not_there(name))
    form = _form(request, agreement, sent, request.FILES)
    for sentence in missing:
        form.add_error(None, sentence)
    return form, about


def _not_there(name):
    if name == "line":
        return _(
            "The indicator that you comment on is not, or no longer, in this agreement. Your text is still here; if it is "
            "to be about the whole agreement, please record it once more."
        )
    return _(
        "What you reply to is not there. Your text is still here; if it is to be about the whole agreement, please record "
        "it once more."
    )


def _row(rows, pk):
    return rows.filter(pk=pk).first() if str(pk).isdecimal() else None


def _record(request, agreement, form, about):
    """The comment; None where a file can't be taken, which is then an error at its field."""
    given, by = form.cleaned_data, {"actor": request.user, "at": timezone.now()}
    try:
        with acting(**by, idempotency=given["idempotency"]):
            return say(agreement, given["text"], **about, people=form.called_on(), files=given["files"], **by)
    except NotEvidence as refused:
        form.add_error("files", str(refused))
        return None


@require_safe
def comment_file(request, code, pk, place):
    """A file that a comment brought, the first is 1, as attachment, to who may read the comment."""
    agreement = followed_agreement(request, code)
    return attached(get_object_or_404(known_comments(request, agreement), pk=pk).files, place)


def attached(files, place):
    """The bytes of one of the files kept in the vault, checked against their hash, to be saved and not shown."""
    if not 1 <= place <= len(files):
        raise Http404
    file = files[place - 1]
    content = BytesIO(read(file["sha256"]))
    kind = CONTENT_TYPES[file["kind"]]
    response = FileResponse(content, as_attachment=True, content_type=kind, filename=file["name"])
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


@require_POST
def note_mention(request, pk):
    """One has seen where one was called on."""
    known = Mention.objects.filter(MENTION_KNOWN).select_related("comment__round__agreement")
    mention = get_object_or_404(known, pk=pk, user=request.user)
    take_note(mention, actor=request.user, at=timezone.now())
    return redirect("desk:home")
