"""清单体检: what the lists do not cover, what is mixed up, given away or never used, and the change for it in one click."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.intervals import Share
from huiyin.rules.workflow.vocabulary import REFUSALS, Role
from huiyin.selectors import checkup as selectors
from huiyin.selectors import lists as known
from huiyin.services import lists as services
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff
from huiyin.web.forms.desk import item_named

READERS = (Role.CO, Role.LEADER)
SPANS = {"90": 90, "365": 365}
MOST_WORDS = 8
LONGEST_WORD = 12


@require_safe
@staff(*READERS)
def checkup(request: HttpRequest) -> HttpResponse:
    """The whole page over the last three months, or a year with ?days=365."""
    at = pages.now()
    days = SPANS.get(request.GET.get("days", ""), 90)
    return pages.page(request, "desk/lists/checkup.html", _shown(at, days, edits=pages.actor(request).has(Role.CO)))


def _shown(at: datetime, days: int, edits: bool) -> dict[str, Any]:
    since, today = at - timedelta(days=days), at.astimezone(SHANGHAI).date()
    items = known.in_force(today).items
    live, models = selectors.live(since), selectors.models()
    many, unmatched = selectors.unmatched(since)
    refusals = dict(REFUSALS)
    mixed = [(pair, _name(items, pair.said), _name(items, pair.chosen)) for pair in selectors.pairs(since)]
    return {
        "days": days,
        "edits": edits,
        "live": [
            (_("第一个就对"), *_told(live.top1)),
            (_("前三个里有"), *_told(live.top3)),
            (_("说不在清单"), *_told(live.abstained)),
            (_("说不在清单，办的人也没收进清单"), *_told(live.off_list)),
        ],
        "models": models,
        "in_use": known.index(today).version,
        "unmatched_many": many,
        "unmatched": [(row, _name(items, row.chosen), _(refusals.get(row.refused, ""))) for row in unmatched],
        "pairs": mixed,
        "given_away": [(row, _name(items, row.item)) for row in selectors.given_away(since)],
        "unused": selectors.unused(at),
        "unfound": [
            (code, _name(items, code), round(share * 100))
            for code, share in selectors.unfound(models[0].figures if models else {})
        ],
    }


def _told(share: Share) -> tuple[str, str]:
    """A share as 84 % with its doubt, or that nothing was counted."""
    if share.value is None:
        return _("还没有"), ""
    low, high = share.interval
    doubt = _("%(hits)d / %(total)d，有 95%% 的把握在 %(low)d%%–%(high)d%% 之间")
    return f"{share.value:.0%}", doubt % {
        "hits": share.hits,
        "total": share.total,
        "low": round(low * 100),
        "high": round(high * 100),
    }


def _name(items: Any, code: str) -> str:
    """An item in the reader's language; a code of a former list as it is."""
    return item_named(items[code]) if code in items else code


@require_safe
@staff(Role.CO)
def words(request: HttpRequest, code: str) -> HttpResponse:
    """Words that residents use for an item and the list does not know, to be ticked by a person."""
    at = pages.now()
    today = at.astimezone(SHANGHAI).date()
    item = known.find(code, today)
    if item is None:
        raise Http404
    found = selectors.proposed_words(code, at - selectors.YEAR, today)
    return pages.page(request, "desk/lists/words.html", {"item": item, "words": found})


@require_POST
@staff(Role.CO)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """One click: `do` is words (with `word`, ticked), out, or edit. Leads to the draft."""
    actor, at = pages.actor(request), pages.now()
    try:
        match request.POST.get("do"):
            case "words":
                ticked = [word[:LONGEST_WORD] for word in request.POST.getlist("word")[:MOST_WORDS]]
                version, item = services.add_words(actor=actor, at=at, code=code, words=ticked)
            case "out":
                version = services.take_out(actor=actor, at=at, code=code)
                return pages.done(request, reverse("desk:version", args=[version]), _("已在草稿里去掉，发布以后才生效"))
            case "edit":
                version, item = services.in_draft(actor=actor, at=at, code=code)
            case _:
                raise Http404
    except services.NotThere:
        raise Http404 from None
    except services.Busy as why:
        return pages.done(request, reverse("desk:checkup"), _(str(why)))
    return pages.done(request, reverse("desk:item", args=[version, item]), _("已写进草稿，发布以后才生效"))
