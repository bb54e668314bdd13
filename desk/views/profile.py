"""One's own profile: who one is here, what one may do, and the ways to change what is one's own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import second_factor
from accounts.carried import take
from accounts.models import User
from accounts.own_account import CONTACT, change_contact
from desk import people_page
from desk.forms.people import ContactForm
from workflow import calendar_link


@require_http_methods(["GET", "POST"])
def profile(request):
    """Rank, name, posts and roles to read; e-mail and telephone to change; the way to password and second factor."""
    at = timezone.now()
    initial = {name: getattr(request.user, name) for name in CONTACT}
    form = ContactForm(request.POST if request.method == "POST" else take(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        change_contact(request.user, at=at, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk:profile")
    person = people_page.found(User.objects.filter(pk=request.user.pk), {}, at=at).get()
    context = {
        "form": form,
        "person": person,
        "duties": people_page.duties(person),
        "unit": people_page.unit_of(person),
        "factor_since": second_factor.enrolled_since(person),
        "codes_left": second_factor.recovery_codes_left(person),
        "calendar_since": calendar_link.since(request.user),
        "events": people_page.events(person),
    }
    return render(request, "desk/profile.html", context, status=422 if form.errors else 200)
