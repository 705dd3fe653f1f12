"""数据: 721 as it was, for a case, an officer, a department, a compound or an item. Shares with their doubt, never a ranking, never a sum of money."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.intervals import Share
from huiyin.rules.metrics import FEW, RETURN_DAYS, SMALL
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import CAN_LEAD, TIER_LABELS, BodyKind, Role, Tier
from huiyin.selectors import insight as selectors
from huiyin.selectors import lists, places
from huiyin.selectors.insight import Subject, View
from huiyin.web import wording
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff
from huiyin.web.forms.desk import item_label
from huiyin.web.numbers import whole

STEPS = {
    "dispatch": gettext_lazy("派单"),
    "signoff": gettext_lazy("签收"),
    "onsite": gettext_lazy("到场"),
    "handling": gettext_lazy("办理"),
    "echo": gettext_lazy("回音"),
}
MINUTE = 60


@require_safe
@staff(*pages.INSIGHT)
def insight(request: HttpRequest) -> HttpResponse:
    """The figures of one subject, without one of all that may be seen, and what else can be asked about, in the order of the lists."""
    actor, at = pages.actor(request), pages.now()
    subject = _subject(request)
    found = selectors.view(actor, at, subject)
    if found is None:
        raise Http404
    day = at.astimezone(SHANGHAI).date()
    context = {
        "shown": shown(found),
        "all": _("全县") if actor.has(Role.CO, Role.LEADER) else _("您看得到的件"),
        "subject": subject,
        "me": actor.person if actor.has(Role.OFF, Role.HEAD) else None,
        "departments": [
            (body.pk, body.name)
            for body in places.bodies().values()
            if body.active and BodyKind(body.kind) in CAN_LEAD - {BodyKind.PROPERTY}
        ],
        "compounds": [(row.id, row.name) for row in places.compounds().values() if row.active],
        "items": [(code, item_label(item)) for code, item in lists.in_force(day).items.items()],
        "days": RETURN_DAYS,
    }
    return pages.page(request, "desk/insight.html", context)


def _subject(request: HttpRequest) -> Subject:
    """What the address asks about; what cannot be a number asks about nothing there is."""
    given = request.GET
    ids = {name: _id(given.get(name, "")) for name in ("officer", "department", "compound")}
    return Subject(case=given.get("case", "")[:16], item=given.get("item", "")[:12], **ids)


def _id(raw: str) -> int | None:
    number = whole(raw)
    return -1 if raw and number is None else number


def shown(found: View) -> dict[str, Any]:
    """The figures in words. Fewer than FEW cases give counts' absence, not shares."""
    few = found.many < FEW
    return {
        "name": found.name,
        "many": found.many,
        "few": few,
        "small": not few and found.many < SMALL,
        "more": found.more,
        "without_police": found.without_police,
        "tiers": [
            (_(TIER_LABELS[tier]) or _("没有用到这三级"), *told(found.tiers[tier])) for tier in (*list(Tier)[1:], Tier.NONE)
        ],
        "times": [
            (STEPS[row.step], _span(row.middle.total_seconds()), _span(row.slow.total_seconds()), row.many) for row in found.times
        ],
        "reached": next((_(TIER_LABELS[tier]) for tier in Tier if tier and found.tiers[tier].hits), _("没有用到这三级")),
        "returned": told(found.returned),
        "acts": [(_(label(action)), many) for action, many in found.acts],
    }


def told(share: Share) -> tuple[str, str]:
    """A share as 84 % with its doubt; of fewer than FEW nothing but that."""
    if share.total < FEW:
        return _("少于 5 件，不算比例"), ""
    low, high = share.interval
    doubt = _("%(hits)d / %(total)d，有 95%% 的把握在 %(low)d%%–%(high)d%% 之间")
    values = {"hits": share.hits, "total": share.total, "low": round(low * 100), "high": round(high * 100)}
    return f"{share.value or 0:.0%}", doubt % values


def _span(seconds: float) -> str:
    return wording.duration(int(seconds // MINUTE))
