"""The public verification of documents: by their code, and by the file itself."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from acts.uploads import InMemory
from agreements.forms import CodeForm
from agreements.verification import LARGEST, Busy, Unexamined, examine
from desk.forms.verification import VerifyFileForm
from desk.publication_page import public_url
from workflow.publication import published
from workflow.verdict import verdict_of, verdict_on


@login_not_required
def verify(request):
    """Where anybody types the code printed on a document, or sends the file."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("desk:verify_code", form.cleaned_data["code"])
    return _asking(request, form=form, status=422 if request.method == "POST" else 200)


@login_not_required
@require_safe
def verify_code(request, code):
    """What the document with this code is: names and posts, when signed, the hash; or that no such code was issued."""
    verdict = verdict_on(code)
    return render(request, "desk/verify_code.html", _about(verdict), status=200 if verdict else 404)


def _about(verdict):
    """The verdict, and where the public reads what is announced of the unit in that year; "" where nothing is."""
    agreement = verdict and verdict.agreement
    announced = agreement and published(agreement.unit, agreement.fiscal_year.year)
    return {"verdict": verdict, "public_url": public_url(agreement) if announced else ""}


@login_not_required
@csrf_exempt  # only until the upload is bound to memory: reading the token reads the file too
def verify_file(request):
    """What a file is. The answer stands on this page alone, as nothing of the file is kept."""
    request.upload_handlers = [InMemory(request, most=LARGEST)]
    return _verify_file(request)


@csrf_protect
def _verify_file(request):
    if request.method != "POST":
        return redirect("desk:verify")
    form = VerifyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _asking(request, file_form=form, status=422)
    try:
        outcome = examine(form.cleaned_data["file"].read())
    except Unexamined:
        form.add_error("file", _("This file could not be checked: reading it takes too much. Our documents don't."))
        return _asking(request, file_form=form, status=422)
    except Busy:
        form.add_error("file", _("Many files are being checked at the moment. Please send it again in a minute."))
        return _asking(request, file_form=form, status=503)
    verdict = outcome.document and verdict_of(outcome.document)
    return render(request, "desk/verify_file.html", _about(verdict) | {"finding": outcome.finding})


def _asking(request, *, form=None, file_form=None, status):
    forms = {"form": form or CodeForm(), "file_form": file_form or VerifyFileForm()}
    return render(request, "desk/verify.html", forms, status=status)
