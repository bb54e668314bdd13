"""The language that a person reads: their own choice; signed out, that of this browser; Thai unless somebody chose.

What a browser says of itself (Accept-Language) is not asked: office computers come set to English.
"""

from contextlib import AbstractContextManager

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override

from accounts.carried import page_left

YEAR = 365 * 24 * 3600


def is_offered(code):
    """Is there such a language here?"""
    return code in dict(settings.LANGUAGES)


def language_of(user):
    """The language that somebody is written to, where no page of theirs is open: in an e-mail, for instance."""
    return user.language or settings.LANGUAGE_CODE


def in_language_of(user) -> AbstractContextManager[None]:
    """A block that speaks to `user`: `with in_language_of(receiver): send(…)`."""
    return override(language_of(user))


def language_for(request):
    """The language of the page that answers `request`."""
    chosen = request.user.language if request.user.is_authenticated else ""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen or (kept if is_offered(kept) else settings.LANGUAGE_CODE)


def choose(request, response, code):
    """Keep the choice with the person, and with the browser for when nobody is, or can be, signed in there."""
    if request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def switch(request):
    """`language_switch` for parts/language.html: where it is sent, the page to come back to, and what can be chosen."""
    # The answer to a POST often stands at an address that can't be opened again: back to the page with its form.
    page = request.get_full_path() if request.method in ("GET", "HEAD") else page_left(request)
    languages = [{"code": code, "name": name, "now": code == get_language()} for code, name in settings.LANGUAGES]
    return {"language_switch": {"url": reverse("accounts:language"), "page": page, "languages": languages}}
