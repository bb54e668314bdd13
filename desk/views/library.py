"""The indicator library: everybody reads it; the planning office of a sheet's owner writes, publishes and pushes it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Conflict, Refusal, Refused
from acts.versions import Stale
from desk.forms.library import (
    DiscardForm,
    LibraryForm,
    NewSheetForm,
    PublishForm,
    RetireForm,
    SheetForm,
)
from desk.library_page import (
    BADGES,
    answers_context,
    find_sheets,
    kept_by,
    sheet_context,
    sheet_rows,
)
from desk.stale import stale_page
from desk.versions import posted_page, posted_version
from indicators.library import (
    add_sheet,
    discard,
    draft_of,
    draft_problems,
    may_keep,
    publish,
    retire,
    save_draft,
    units_kept,
)
from indicators.models import Sheet, SheetDraft
from orgunits.holders import help_for
from orgunits.models import HEADQUARTERS, OrgUnit
from orgunits.roles import Role

ASKING = require_http_methods(["GET", "HEAD", "POST"])


def the_sheet(request, code):
    """The sheet, if the person may know of it: one that was never published is its keepers' alone."""
    kept = kept_by(request.user, timezone.now())
    sheets = Sheet.objects.for_list()
    return get_object_or_404(sheets.filter(current__isnull=False) | sheets.filter(owner__in=kept), code=code)


def kept_sheet(request, code):
    """The sheet, of who may write it; 403 with the sentence for everybody else."""
    sheet = the_sheet(request, code)
    refusal = may_keep(sheet.owner, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return sheet


@require_safe
def library(request):
    """The sheets, looked for by words, year of use and state."""
    at, form = timezone.now(), LibraryForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    words, asked = given.get("q", "").split(), {name: given.get(name, "") for name in ("year", "state")}
    found = find_sheets(words, kept=kept_by(request.user, at), **asked, page=page_number(request))
    query = urlencode({name: value for name, value in {"q": given.get("q", ""), **asked}.items() if value})
    context = {
        "form": form,
        "rows": sheet_rows(found, words),
        "found": found,
        "query": query and f"{query}&",
        "is_filtered": bool(query),
        "may_add": units_kept(request.user, at).exists(),
    }
    return render(request, "desk/library.html", context)


def page_number(request):
    """The page of a list that is asked for; the first where that can't be understood."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


@require_safe
def sheet(request, code):
    """A sheet with its versions; `?from=1&to=2`: what differs between two."""
    found = the_sheet(request, code)
    wanted = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    return render(request, "desk/sheet.html", sheet_context(found, request.user, timezone.now(), wanted=wanted))


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


# Writing


@ASKING
def new_sheet(request):
    """A new sheet of a unit whose planning office one is of."""
    at = timezone.now()
    units = units_kept(request.user, at)
    if not units.exists():
        top = OrgUnit.objects.filter(code=HEADQUARTERS).values("pk")
        sentence = _("Only planning offices write sheets of the library.")
        raise Refused([Refusal(sentence, help=help_for(Role.PLANNER, top, at))])
    draft = SheetDraft()
    if request.method != "POST":
        return _new_page(request, NewSheetForm(take(request), line=draft, units=units))
    form = NewSheetForm(request.POST, line=draft, units=units)
    if {"fill", "look"} & request.POST.keys():
        return _new_page(request, form.with_levels_filled() if "fill" in request.POST else form)
    if not form.is_valid():
        return _new_page(request, form, status=422)
    return _add(request, form, at)


def _add(request, form, at):
    given = form.cleaned_data
    try:
        made = add_sheet(
            given["code"],
            given["owner"],
            given["source"],
            form.content(),
            by=request.user,
            at=at,
            idempotency=given["idempotency"],
        )
    except Conflict as taken:
        form.add_error("code", taken.sentence)
        return _new_page(request, form, status=409)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect("desk:sheet", given["code"])
    messages.success(request, _("The sheet is saved as a draft. Publish it, and units can use it."))
    return redirect("desk:sheet", made.code)


def _new_page(request, form, status=200):
    return render(request, "desk/sheet_form.html", {"form": form, "sheet": None}, status=status)


@ASKING
def edit_sheet(request, code):
    """The draft of a sheet's next version."""
    found = kept_sheet(request, code)
    draft = draft_of(found)
    if request.method != "POST":
        return _edit_page(request, found, SheetForm(take(request), line=draft))
    form = SheetForm(request.POST, line=draft)
    if {"fill", "look"} & request.POST.keys():
        return _edit_page(request, found, form.with_levels_filled() if "fill" in request.POST else form)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    by = {"version": posted_version(request), "page": posted_page(request), "by": request.user, "at": timezone.now()}
    try:
        save_draft(found, form.changes(), **by)
    except Stale as stale:
        return stale_page(request, None, form, stale.theirs, fields={name: name for name in form.changes()})
    messages.success(request, _("The draft is saved."))
    return redirect("desk:sheet", found.code)


def _edit_page(request, found, form, status=200):
    context = {"form": form, "sheet": found, "version": form.version_shown}
    return render(request, "desk/sheet_form.html", context, status=status)


# Publishing and retiring


@ASKING
def publish_sheet(request, code):
    """Show what the new version changes and whom it reaches; then publish it."""
    found = kept_sheet(request, code)
    draft = SheetDraft.objects.filter(sheet=found).first()
    if draft is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect("desk:sheet", found.code)
    is_first = found.current_id is None
    if request.method != "POST":
        form = PublishForm(take(request), is_first=is_first, initial={"version": draft.version})
        return _publish_page(request, found, draft, form)
    form = PublishForm(request.POST, is_first=is_first)
    if not form.is_valid():
        return _publish_page(request, found, draft, form, status=422)
    return _publish(request, found, draft, form)


def _publish(request, found, draft, form):
    try:
        version = publish(found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        for refusal in refused.refusals:
            name = refusal.where.removeprefix("#id_")
            form.add_error(name if name in form.fields else None, refusal.sentence)
        return _publish_page(request, found, draft, form, status=422)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("desk:sheet", found.code)


def _publish_page(request, found, draft, form, status=200):
    context = sheet_context(found, request.user, timezone.now())
    context |= {"form": form, "draft": draft, "problems": [str(each) for each in draft_problems(draft)]}
    return render(request, "desk/sheet_publish.html", context, status=status)


@ASKING
def discard_draft(request, code):
    """Show what would be lost, then throw the draft of a sheet away."""
    found = kept_sheet(request, code)
    draft = SheetDraft.objects.filter(sheet=found).first()
    if draft is None:
        messages.info(request, _("There is no draft to discard."))
        return redirect("desk:sheet", found.code)
    form = DiscardForm(request.POST if request.method == "POST" else None, initial={"version": draft.version})
    if request.method == "POST" and form.is_valid():
        return _discard(request, found, form.cleaned_data)
    context = sheet_context(found, request.user, timezone.now()) | {"form": form, "draft": draft}
    return render(request, "desk/sheet_discard.html", context, status=422 if request.method == "POST" else 200)


def _discard(request, found, given):
    try:
        stays = discard(found, **given, by=request.user, at=timezone.now())
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect("desk:library")
    messages.success(request, _("The draft is discarded."))
    return redirect("desk:sheet", found.code) if stays else redirect("desk:library")


@ASKING
def retire_sheet(request, code):
    """Ask for the reason, then retire the sheet."""
    found = kept_sheet(request, code)
    form = RetireForm(request.POST if request.method == "POST" else take(request))
    if request.method == "POST" and form.is_valid():
        try:
            retire(found, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The sheet is retired."))
        except AlreadyDone:
            messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect("desk:sheet", found.code)
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/sheet_retire.html", {"sheet": found, "form": form}, status=status)


@require_safe
def sheet_answers(request, code):
    """What every unit said to a version: who accepted, who objected and why, who is late. For who keeps the sheet."""
    found = kept_sheet(request, code)
    numbers = _number(request.GET.get("version", ""))
    version = found.versions.filter(number=numbers).first() if numbers else found.current
    if version is None:
        return redirect("desk:sheet", found.code)
    version.sheet = found
    said = request.GET.get("said", "")
    said = said if said in BADGES else ""
    context = answers_context(found, version, timezone.localdate(), said=said, page=page_number(request))
    context["query"] = urlencode({"version": version.number, **({"said": said} if said else {})}) + "&"
    context["here"] = reverse("desk:sheet_answers", args=[found.code])
    return render(request, "desk/sheet_answers.html", context)
