"""Every page wants a person who is signed in; what signed-in people see is not kept by any cache."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.utils.deprecation import MiddlewareMixin

from accounts import carried, views


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


class NoStoreMiddleware(MiddlewareMixin):
    """What a signed-in person is shown stays in no cache, nor behind the Back button of a shared computer."""

    def process_response(self, request, response):
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
