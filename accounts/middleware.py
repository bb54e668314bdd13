"""Every page wants a person who is signed in, and speaks their language; what they see is kept by no cache."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import override

from accounts import carried, views
from accounts.language import language_for


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Signed out: a GET goes to the sign-in page, a POST is held there with all that was typed, htmx gets a 401.

    Public views say `@login_not_required`. Stands after MessageMiddleware, whose messages `carried.follow_up` uses.
    """

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return views.signed_out_answer()
        if request.method == "POST":
            return views.sign_in_carrying(request)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return views.signed_out_answer()

    def process_response(self, request, response):
        return carried.follow_up(request, response)


class LanguageMiddleware:
    """The request is answered in the language of who asks. Stands after AuthenticationMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with override(language_for(request)):
            return self.get_response(request)


class NoStoreMiddleware(MiddlewareMixin):
    """What a signed-in person is shown stays in no cache, nor behind the Back button of a shared computer."""

    def process_response(self, request, response):
        # What failed says so itself; who asked may be just what can't be found out now.
        if response.status_code < 500 and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
