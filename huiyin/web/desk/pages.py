"""What all desk pages share: who may come in, who acts, and answers for people and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.people import Actor

View = Callable[..., HttpResponse]

CASEWORK = (Role.OFF, Role.HEAD, Role.REV, Role.COM, Role.CO, Role.SUP, Role.PRO, Role.LEADER)
LISTING = (Role.OFF, Role.HEAD, Role.REV, Role.COM, Role.CO, Role.SUP, Role.LEADER)
INQUIRY = (Role.OFF, Role.HEAD, Role.REV, Role.CO)
ACTING = (Role.OFF, Role.HEAD, Role.COM, Role.CO, Role.SUP, Role.PRO)
INTAKE = (Role.COM, Role.CO)
INSIGHT = (Role.COM, Role.OFF, Role.HEAD, Role.SUP, Role.CO, Role.LEADER)
SECOND_PERSON = (Role.CO, Role.CUS)


#: What a held form does not need: the old token, and what the page makes anew.
NOT_HELD = frozenset({"csrfmiddlewaretoken", "seen", "author", "password"})
#: Who a party is lies in the party's encrypted record alone, not in a session for a while.
SEALED = frozenset(name for name, field in FIELDS.items() if field.kind is Kind.SEALED)
HELD_CHARACTERS = 20_000
HELD_DAYS = timedelta(days=7)
AUTHOR = "huiyin.author"
#: What somebody writes outside the acts of a case and would not want to write again.
TYPED = frozenset({"words", "place_words"})


def now() -> datetime:
    return timezone.now()


def staff(*roles: Role) -> Callable[[View], View]:
    """Lets in who is signed in and, where roles are named, holds one of them today; to others there is no such page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                hold(request)
                return sign_in(request)
            if roles and not actor(request).has(*roles):
                if request.method == "POST" and not actor(request).postings:
                    return _ended(request)
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _ended(request: HttpRequest) -> HttpResponse:
    """For who wrote something and whose last posting ended since the page was opened: why it is not taken, and what was written."""
    said = _("您的岗位已经结束，这一步没有记下。请把下面的内容交给接手的人，或者请管理员看看任期。")
    if wants_json(request):
        return JsonResponse({"errors": {"__all__": [said]}}, status=403)
    names = (FIELDS.keys() - SEALED) | TYPED
    written = [(name, str(value)) for name, value in request.POST.items() if name in names]
    typed = [(name, value) for name, value in written if value.strip() and not value.isdecimal()]
    return page(request, "desk/ended.html", {"why": said, "typed": typed}, status=403)


def hold(request: HttpRequest) -> bool:
    """Keeps what a form without scripts sent after its session or its token had ended, until its own author is there again: whether it did.

    Photos are not kept. Only for a form that was made for somebody signed in: a stranger cannot fill the table.
    """
    began = settings.SESSION_COOKIE_NAME in request.COOKIES
    whose = _author(request) if began and request.method == "POST" and not wants_json(request) else ""
    if not whose:
        return False
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_HELD | SEALED}
    if sum(len(value) for values in typed.values() for value in values) > HELD_CHARACTERS:
        return False
    request.session["held"] = {"path": request.path, "author": whose, "typed": typed}
    return True


def author(person: int | None) -> str:
    """What a form says of whose it is."""
    return TimestampSigner(salt=AUTHOR).sign(str(person))


def _author(request: HttpRequest) -> str:
    """Whose form it is, as the page itself said: a cookie anybody may bring, a number we signed nobody else has."""
    try:
        return TimestampSigner(salt=AUTHOR).unsign(request.POST.get("author", ""), max_age=HELD_DAYS)
    except BadSignature:
        return ""


def held(request: HttpRequest) -> dict[str, Any]:
    """What was kept for this page and this person, once; first values for the form. What somebody else wrote is thrown away."""
    kept = request.session.pop("held", None) if request.method == "GET" and "held" in request.session else None
    if not kept or kept["path"] != request.path or kept["author"] != str(request.user.pk):
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in kept["typed"].items()}


def sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here; scripts are told 401, for a fragment would put the sign-in page into the middle of a form."""
    if wants_json(request) or request.headers.get("HX-Request"):
        return JsonResponse({"error": _("请先登录")}, status=401)
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': here})}")


def actor(request: HttpRequest) -> Actor:
    """Who acts, with the postings of today."""
    return request.actor  # type: ignore[attr-defined, no-any-return]  # set by huiyin.web.actors


def wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def page(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """A desk page; the frame around it comes from huiyin.web.actors."""
    who = actor(request)
    may = {"may_register": who.has(*INTAKE), "reads_insight": who.has(*INSIGHT)}
    return render(request, template, {"actor": who, "author": author(request.user.pk), **may, **(context or {})}, status=status)


def done(request: HttpRequest, url: str, said: str = "") -> HttpResponse:
    """After something was done: scripts get the address to go to, people are taken there."""
    if said:
        messages.success(request, said)
    return JsonResponse({"url": url}) if wants_json(request) else HttpResponseRedirect(url)
