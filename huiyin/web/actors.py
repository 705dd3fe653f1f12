"""Who is asking: `request.actor` for staff, read once when first needed; and what every page's frame shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import places
from huiyin.selectors.people import Actor, actor_of

GetResponse = Callable[[HttpRequest], HttpResponse]

#: (url name, label, icon, roles that see it); an empty set is everybody signed in.
_NAV: tuple[tuple[str, Any, str, frozenset[Role]], ...] = (
    ("desk:today", _("今日"), "layout-dashboard", frozenset()),
    ("desk:cases", _("件"), "inbox", frozenset({Role.COM, Role.OFF, Role.HEAD, Role.REV, Role.SUP, Role.CO, Role.LEADER})),
    ("desk:tasks", _("物业任务"), "building-2", frozenset({Role.PRO})),
    ("desk:call", _("来电登记"), "phone-call", frozenset({Role.COM, Role.CO})),
    ("desk:callbacks", _("回访"), "phone", frozenset({Role.COM, Role.CO})),
    ("desk:unplaced", _("待落点"), "map-pin", frozenset({Role.CO})),
    ("desk:identity", _("身份查阅"), "lock", frozenset({Role.CUS})),
    ("desk:lists", _("清单"), "list-checks", frozenset()),
    ("desk:insight", _("数据"), "chart-line", frozenset({Role.COM, Role.OFF, Role.HEAD, Role.SUP, Role.CO, Role.LEADER})),
    ("desk:settings", _("设置"), "settings", frozenset({Role.ADMIN, Role.CO, Role.CUS})),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    icon: str
    current: bool
    count: int = 0


def middleware(get_response: GetResponse) -> GetResponse:
    """Sets request.actor: None for who is not signed in, else the person with the postings valid today (one query, when asked for)."""

    def around(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # ours, beside Django's
        return get_response(request)

    return around


def _actor(request: HttpRequest) -> Actor | None:
    if not request.user.is_authenticated:
        return None
    return actor_of(request.user.pk, timezone.now())


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for the frame of every page: the county, the elder mode, and for staff the rail with its entries."""
    shown: dict[str, Any] = {
        "county": places.county(),
        "care": request.COOKIES.get("care") == "1",
        "no_second_factor": settings.DEMO,
        "now": timezone.now(),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and request.path.startswith("/desk"):
        actor = request.actor  # type: ignore[attr-defined]
        shown |= {"nav": navigation(actor, request.path), "post_label": post_label(actor)}
    return shown


def navigation(actor: Actor, path: str) -> list[NavItem]:
    """The rail's entries for somebody's roles."""
    items = []
    entries = [*_NAV, ("desk:outbox", _("发出的消息"), "mail", frozenset())] if settings.DEMO else _NAV
    for name, label, icon, roles in entries:
        if roles and not actor.roles & roles:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = path == url if name == "desk:today" else path.startswith(url)
        items.append(NavItem(url, label, icon, here))
    return items


def post_label(actor: Actor) -> str:
    """Where somebody is posted first, for the foot of the rail."""
    for posting in actor.postings:
        if posting.body is not None and posting.body in places.bodies():
            return places.bodies()[posting.body].name
        if posting.community is not None:
            return places.communities()[posting.community].name
    return ""
