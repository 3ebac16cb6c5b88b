"""The addresses of signing in. Only these of django-allauth's are there: nobody makes an account
for themselves."""

from allauth.account import views as account
from django.urls import include, path, re_path

from composer.identity import confirming, views
from composer.identity.oidc import views as oidc

by_passkey = confirming.ByPasskey.as_view()

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/provider/", oidc.sign_in, name="oidc-sign-in"),
    path("sign-in/provider/back/", oidc.callback, name="oidc-callback"),
    path("account/confirm/provider/", oidc.confirm, name="oidc-confirm"),
    path("account/link/", oidc.link, name="oidc-link"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="sign-out"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="change-password"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/none/", views.no_password_here, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/", views.account, name="account"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/cancel/", confirming.cancel, name="confirm-cancel"),
    path("account/go-on/<slug:token>/", confirming.go_on, name="go-on"),
    path("account/sessions/", views.sessions_list, name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="end-session"),
    path("account/second-factor/needed/", views.second_factor_needed, name="second-factor-needed"),
    path(
        "account/second-factor/webauthn/login/", views.by_passkey_alone, name="mfa_login_webauthn"
    ),
    path(
        "account/second-factor/totp/activate/",
        confirming.SetUpApp.as_view(),
        name="mfa_activate_totp",
    ),
    path(
        "account/second-factor/webauthn/reauthenticate/",
        by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
