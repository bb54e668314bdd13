"""Addresses: what people open stands in `desk`; signing in stands in `accounts`."""

from django.urls import include, path

from acts import views as answers

urlpatterns = [
    path("health/", answers.health, name="health"),
    path("", include("accounts.urls")),
    path("", include("desk.urls")),
]

handler400 = answers.bad_request
handler403 = answers.forbidden
handler404 = answers.not_found
handler500 = answers.server_error
