from django.urls import path

from accounts import invitation_views, own_views, theme, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.sign_in_code, name="sign_in_code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.choose_language, name="language"),
    path("theme/", theme.choose_theme, name="theme"),
    path("invitation/<str:secret>/", invitation_views.invitation, name="invitation"),
    path("profile/password/", own_views.change_password, name="change_password"),
    path("profile/sessions/end/", own_views.end_sessions, name="end_sessions"),
    path("profile/second-factor/", own_views.enrol, name="enrol"),
    path("profile/second-factor/codes/", own_views.renew_recovery_codes, name="renew_recovery_codes"),
    path("profile/second-factor/remove/", own_views.remove_second_factor, name="remove_second_factor"),
]
