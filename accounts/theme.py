"""Light or dark: as the person's system has it, unless they chose on this browser (a screen at night is not the one at noon)."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.forms import LanguageForm
from accounts.language import YEAR

COOKIE = "theme"
SYSTEM = "system"
# What can be chosen: its name, and its icon.
THEMES = {
    "light": (_("Light"), "sun"),
    "dark": (_("Dark"), "moon"),
    SYSTEM: (_("As the system"), "computer-desktop"),
}


class ThemeForm(LanguageForm):
    """The theme chosen, and the page that it was chosen on."""

    language = None
    theme = forms.ChoiceField(choices=[(name, name) for name in THEMES])


def theme_for(request):
    """The theme that this browser keeps; "system" unless one was chosen."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in THEMES else SYSTEM


@require_POST
@login_not_required
def choose_theme(request):
    """The switch that stands in the menu: the browser keeps the choice, and the page opens again in it."""
    form = ThemeForm(request.POST)
    chosen = form.is_valid()
    response = HttpResponseRedirect(form.page)
    if chosen:
        response.set_cookie(
            COOKIE,
            form.cleaned_data["theme"],
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def switch(request):
    """`theme`: what <html> says of itself ("" for the system's own), and the choices for parts/theme.html."""
    now = theme_for(request)
    choices = [
        {"value": value, "label": label, "icon": icon, "now": value == now} for value, (label, icon) in THEMES.items()
    ]
    return {"theme": {"forced": "" if now == SYSTEM else now, "url": reverse("accounts:theme"), "choices": choices}}
