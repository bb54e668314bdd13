"""The product's addresses, and a few that refuse, for the tests of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import path

from acts.engine import AlreadyDone, Conflict, Refusal, Refused
from config import urls

PERSON = Refused([Refusal("Only the clerk may do this.")])
GAPS = Refused([Refusal("Write a label.", "#id_label"), Refusal("Take something out.")], incomplete=True)


def raising(name, error):
    @login_not_required
    def view(request):
        raise error

    return path(f"raises/{name}/", view)


urlpatterns = [
    raising("refused", PERSON),
    raising("incomplete", GAPS),
    raising("conflict", Conflict("Somebody was first.")),
    raising("done", AlreadyDone("/parcels/7/")),
    raising("done-nowhere", AlreadyDone()),
    raising("denied", PermissionDenied("Not on Sundays.")),
    raising("denied-silently", PermissionDenied()),
    raising("suspicious", SuspiciousOperation("a cookie from elsewhere")),
    raising("fault", ZeroDivisionError("nobody foresaw this")),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
