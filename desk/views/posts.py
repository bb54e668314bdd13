"""The posts of a unit: who is in them, appointing, ending, delegating; and the file of an order."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Refused
from acts.vault import path_of
from agreements.appointing import appoint_over
from agreements.authority import holds_by
from desk.forms.posts import AppointForm, DelegateForm, EndForm
from desk.posts_page import breadcrumbs, may_appoint, may_delegate, may_end, posts_page, scope_of, sees_past
from orgunits.administration import not_oneself
from orgunits.appoint import end_appointment
from orgunits.models import Appointment, OrgUnit, Post
from results.evidence import CONTENT_TYPES

ASKING = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def unit_posts(request, unit_code):
    """The posts of the unit; everybody signed in sees who is in them today."""
    unit = get_object_or_404(OrgUnit, code=unit_code)
    return render(request, "desk/unit_posts.html", posts_page(unit, request.user, timezone.now()))


@ASKING
def appoint(request, unit_code, pk):
    """Record an appointment to the post from its order."""
    post, at = _post(unit_code, pk), timezone.now()
    _only_if(may_appoint(request.user, post.unit, at))
    form = AppointForm(request.POST or take(request), request.FILES or None, post=post, today=timezone.localdate(at))
    if request.method == "POST" and form.is_valid() and _not_oneself(form, request.user):
        return _appointed(request, form, post) or _form_page(request, form, post, "desk/appoint.html")
    return _form_page(request, form, post, "desk/appoint.html")


@sensitive_post_parameters("password", "one_time_code")
@ASKING
def delegate(request, unit_code, pk):
    """The holder of the post gives its powers to somebody, with their password."""
    post, at = _post(unit_code, pk), timezone.now()
    _only_if(may_delegate(request.user, post, timezone.localdate(at)))
    form = DelegateForm(request, request.POST or take(request), request.FILES or None, post=post)
    if request.method == "POST" and form.is_valid():
        given = {"capacity": Appointment.Capacity.DELEGATED, "delegated_by": request.user}
        return _appointed(request, form, post, **given) or _form_page(request, form, post, "desk/delegate.html")
    return _form_page(request, form, post, "desk/delegate.html")


def _appointed(request, form, post, **given):
    """Where it leads, once done; None if it was refused, which the form then says."""
    try:
        done = appoint_over(
            post, form.cleaned_data["user"], by=request.user, at=timezone.now(), **(form.terms() | given)
        )
    except Refused as refused:
        form.add_refusals(refused.refusals)
        return None
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("It is on record: %(sentence)s") % {"sentence": f"{done.user} · {holds_by(done)}"})
    return redirect("desk:unit_posts", post.unit.code)


@ASKING
def end(request, pk):
    """From which day on an appointment no longer holds; it stays on record."""
    at = timezone.now()
    appointment = _appointment(pk)
    _only_if(may_end(request.user, appointment, at))
    if appointment.until is not None and appointment.until <= timezone.localdate(at):
        messages.info(request, _("This appointment has ended already."))
        return redirect("desk:unit_posts", appointment.post.unit.code)
    form = EndForm(request.POST or take(request), initial={"until": timezone.localdate(at)}, appointment=appointment)
    if request.method == "POST" and form.is_valid():
        end_appointment(appointment, until=form.cleaned_data["until"], by=request.user, at=at)
        messages.success(request, _("The appointment ends. What was signed by it stays signed."))
        return redirect("desk:unit_posts", appointment.post.unit.code)
    context = {"appointment": appointment, "sentence": holds_by(appointment), "scope": scope_of(appointment)}
    return _form_page(request, form, appointment.post, "desk/appointment_end.html", **context)


@require_safe
def appointment_order(request, pk):
    """The file of the order, to be kept, not to be run; for who may see the past of the unit's posts."""
    appointment = _appointment(pk)
    its_own = request.user.pk in (appointment.user_id, appointment.delegated_by_id)
    if not appointment.order_file or not (its_own or sees_past(request.user, appointment.post.unit, timezone.now())):
        raise Http404
    name = appointment.order_file_name
    kind = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    file = path_of(appointment.order_file).open("rb")
    response = FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _post(unit_code, pk):
    return get_object_or_404(Post.objects.select_related("unit"), pk=pk, unit__code=unit_code)


def _appointment(pk):
    return get_object_or_404(
        Appointment.objects.select_related("post__unit", "user", "delegated_by", "fiscal_year"), pk=pk
    )


def _only_if(refusal):
    if refusal:
        raise Refused([refusal])


def _not_oneself(form, user):
    """Nobody appoints themselves: said at the field."""
    try:
        not_oneself(user, form.cleaned_data["user"])
    except Refused as refused:
        form.add_error("user", str(refused))
        return False
    return True


def _form_page(request, form, post, template, **more):
    context = {
        "form": form,
        "post": post,
        "unit": post.unit,
        "breadcrumbs": breadcrumbs(post.unit, request.user),
        **more,
    }
    return render(request, template, context, status=422 if request.method == "POST" else 200)
