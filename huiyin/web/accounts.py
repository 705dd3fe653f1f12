"""Signing in and out, passwords and the second factor: allauth's views at our addresses. Nobody signs up by himself."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.totp.views import DeactivateTOTPView
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy

from huiyin.services import people

ROOT = "/desk/account/"
#: Key in a session: the id of the person whose second factor it has seen set up.
HAS_ONE = "factor"


class PasswordChange(views.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    """Changing one's password ends the time of a temporary one. The old one was just given: nobody is asked for it again on the next page."""

    success_url = reverse_lazy("desk:today")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        people.password_changed(person=int(self.request.user.pk))
        reauthenticate_by_password(self.request)
        return response


def change_password(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = PasswordChange.as_view()(request)
    return response


class FactorRemoval(DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Taking off one's own second factor ends every other session: what it opened is open no longer. This one goes on without."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        people.factor_removed(person=int(self.request.user.pk))
        self.request.user.refresh_from_db(fields=["sessions"])
        self.request.session.pop(HAS_ONE, None)
        update_session_auth_hash(self.request, self.request.user)
        return response


def remove_factor(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = FactorRemoval.as_view()(request)
    return response


urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", change_password, name="account_change_password"),
    path("factor/totp/deactivate/", remove_factor, name="mfa_deactivate_totp"),
    path("factor/", include("allauth.mfa.urls")),
]
