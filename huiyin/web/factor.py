"""The second factor: whose role asks for one and who has none yet reaches only its enrolment. A temporary password is changed first."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import places
from huiyin.selectors.people import actor_of
from huiyin.web import accounts

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Roles that always sign in with a second factor; HUIYIN_SECOND_FACTOR and the county's own setting add others.
ALWAYS = frozenset({Role.CO, Role.CUS, Role.ADMIN})
HAS_ONE = accounts.HAS_ONE


def second_factor(get_response: GetResponse) -> GetResponse:
    """Sends who must change a password or enrol to the page for it, whatever was asked for. allauth itself asks for a factor that is there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        wanted = _wanted(request)
        if wanted and not _allowed(request.path):
            return _send(request, wanted)
        return get_response(request)

    return middleware


def _wanted(request: HttpRequest) -> str:
    """The page that has to come first, or nothing."""
    if getattr(request.user, "must_change_password", False):
        return "account_change_password"
    if settings.DEMO or request.session.get(HAS_ONE) == request.user.pk or not is_asked(request):
        return ""
    if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
        request.session[HAS_ONE] = request.user.pk
        return ""
    return "mfa_activate_totp"


def is_asked(request: HttpRequest) -> bool:
    """Whether one of today's roles signs in with a second factor."""
    return _asks(request.actor.roles)  # type: ignore[attr-defined]  # set by huiyin.web.actors


def _asks(roles: frozenset[Role]) -> bool:
    county = places.county()
    return bool({*ALWAYS, *settings.HUIYIN_SECOND_FACTOR, *(county.second_factor_roles if county else ())} & roles)


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's, but who must have a second factor cannot take it off: a session left open would go on without one."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return settings.DEMO or not _asks(actor_of(authenticator.user_id, timezone.now()).roles)


def _allowed(path: str) -> bool:
    """Enrolment, passwords, signing out and the language; nothing else."""
    return path.startswith((accounts.ROOT, settings.STATIC_URL, "/i18n/", "/healthz"))


def _send(request: HttpRequest, name: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": _("请先设置第二重验证。")}, status=403)
    return HttpResponseRedirect(reverse(name))
