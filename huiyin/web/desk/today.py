"""今日: what is mine, what is due, what came back, what waits for a second signature, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import STAGE_LABELS, Role
from huiyin.selectors import deliveries, desk, directory, governance, house, piles, places, setup
from huiyin.selectors.people import Actor
from huiyin.services import alarms as alarm_services
from huiyin.services import notices as services
from huiyin.web import health, wording
from huiyin.web.desk import lists, pages, story
from huiyin.web.desk.pages import staff
from huiyin.web.numbers import whole

#: What came back rather than merely in.
CAME_BACK = frozenset({"dispute", "third", "reopen", "declined", "settle", "sign"})
#: So many of the news are shown at once; older ones unfold.
NEWEST = 6
#: What has a pile of its own, which goes when the word was given.
IN_PILES = frozenset({"countersign", "approve"})
SAYINGS = {
    "assign": "新派给您单位",
    "settle": "要作管辖协调",
    "reassign": "改派给您单位",
    "entrust": "指定您经办",
    "reopen": "退回重办",
    "dispute": "反映人说没解决，换一位同事一起回音",
    "third": "第三次不满意，请决定维持还是重办",
    "declined": "退回来了",
    "recalled": "撤回了一次配合请求",
    "supplement": "反映人补充了",
    "retract": "反映人撤回了",
    "property_reply": "物业答复了",
    "help": "配合单位答复了",
    "comply": "记录了改正情况",
    "countersign": "等您会签",
    "sign": "有文书等您签名",
    "approve": "有呈批，请负责人审批",
    "approved": "负责人批了，请看结果",
    "review": "法制审核有了意见",
    "decide": "负责人作出了决定",
    "late": "有一条补录",
    "echo": "您反映的事有回音了",
    "unplaced": "还不知道在哪个小区",
    "list": "清单有了新版，涉及您单位",
    "board": "清单有了新版，公示栏要换新",
}


ALARMS = {
    "copy": _lazy("件的副本和台账不一致"),
    "record": _lazy("总账接不上已经签发的校验点"),
    "clock": _lazy("服务器的钟倒退过"),
    "photo": _lazy("有一张照片的原件丢失或损坏"),
    "stuck": _lazy("后台有一件事做不下去"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that came in."""

    pk: int
    number: str
    url: str
    what: str
    place: str
    at: datetime
    sign: str


@require_safe
@staff()
def today(request: HttpRequest) -> HttpResponse:
    """The page a day begins with. At most ten queries, whoever it is."""
    actor, at = pages.actor(request), pages.now()
    return pages.page(request, "desk/today.html", shown(actor, at))


def shown(actor: Actor, at: datetime) -> dict[str, Any]:
    """The piles of somebody's roles; what a role does not have is left out."""
    works = actor.has(Role.OFF, Role.HEAD, Role.COM, Role.PRO)
    told = [_news(row) for row in piles.notices(actor, at) if row.kind not in IN_PILES] if actor.has(*pages.CASEWORK) else []
    back = [news for kind, news in told if kind in CAME_BACK]
    news = [news for kind, news in told if _is_news(kind)]
    today = piles.of_today(actor, at)
    mine, dispatch, echoes = (lists.rows(one, at) for one in (today.mine, today.dispatch, today.echoes))
    return {
        "left": lists.rows(today.left, at),
        "heading": heading([*mine, *dispatch, *echoes], len(back), at),
        "mine": mine,
        "dispatch": dispatch,
        "echoes": echoes,
        # The case's own promises are not those of who was asked to help, nor of whose word it waits for.
        "tasked": _without_due(today.tasked, at),
        "waits": [
            (name, _without_due(lines, at))
            for name, lines in (
                (_("等我会签的"), today.sign),
                (_("等我审批的"), today.approve),
                (_("可以审核的"), today.review),
            )
            if lines
        ],
        "running": _running(today.running, at),
        "reviews": actor.has(Role.REV),
        "back": back,
        "news": news[:NEWEST],
        "older_news": news[NEWEST:],
        "newest": news[0].pk if news else 0,
        "many_news": len(news),
        "calls": deliveries.calls_count(actor) if actor.has(*pages.INTAKE) else None,
        "works": works,
        "lists_mine": actor.has(*pages.LISTING),
        "dispatches": actor.has(Role.COM, Role.CO),
        "status": health.status(at) if actor.has(Role.ADMIN) else None,
        "alarms": [(row, ALARMS.get(row.kind, row.kind)) for row in house.open_alarms()] if actor.has(Role.ADMIN) else [],
        "counts": _counts(at) if actor.has(Role.LEADER) else [],
        "bases": _bases_to_do(at) if actor.has(Role.CO) else 0,
        "nothing": not actor.postings,
        "ways": [(_(said), reverse(name) + query, sign) for role, said, name, query, sign in WAYS if actor.has(role)],
        "unbegun": actor.has(Role.ADMIN) and not setup.is_begun(),
        "alone": directory.to_look_at(actor) if actor.has(*pages.SECOND_PERSON) else 0,
        "waiting": sum(row.decided_at is None for row in directory.requests())
        if actor.has(*pages.SECOND_PERSON, Role.ADMIN)
        else 0,
    }


#: Where a day begins for whom no pile waits: what the role is there for.
WAYS = (
    (Role.SUP, gettext_noop("看本社区的件，挑一件抽查"), "desk:cases", "?tab=all", "eye"),
    (Role.CUS, gettext_noop("查阅反映人身份"), "desk:identity", "", "lock"),
    (Role.ADMIN, gettext_noop("地方、单位、人员、日历"), "desk:settings", "", "settings"),
    (Role.LEADER, gettext_noop("看全县的数据"), "desk:insight", "", "chart-line"),
)


def _is_news(kind: str) -> bool:
    return kind not in CAME_BACK and kind not in IN_PILES


def _without_due(lines: Sequence[desk.Line], at: datetime) -> list[lists.Shown]:
    return [replace(row, due=None) for row in lists.rows(lines, at)]


def _running(found: Sequence[piles.Running], at: datetime) -> list[lists.Shown]:
    """Terms of files as rows: the case, with the term's own last day in place of the case's promise."""
    rows = lists.rows([one.line for one in found], at)
    calendar = places.calendar()
    return [
        replace(
            row,
            title=_(one.term.label) + _("：") + row.title,
            due=one.term.ends - A_MINUTE,
            left=calendar.workdays_between(at, one.term.ends - A_MINUTE),
            what="",
            paused="",
        )
        for row, one in zip(rows, found, strict=True)
    ]


#: A term ends at midnight; its last minute is what people read.
A_MINUTE = timedelta(minutes=1)


def heading(rows: list[Any], back: int, at: datetime) -> str:
    """今天有 3 件到期，2 件退了回来: a fact to begin with."""
    late = sum(row.due is not None and row.due < at and not row.paused for row in rows)
    parts = []
    if late:
        parts.append(ngettext("%(n)d 件超期", "%(n)d 件超期", late) % {"n": late})
    if back:
        parts.append(ngettext("%(n)d 件退了回来", "%(n)d 件退了回来", back) % {"n": back})
    return _("今天有 %(what)s") % {"what": wording.listed(parts, "，")} if parts else _("今日")


def _news(row: Any) -> tuple[str, News]:
    if row.case is None:
        url = reverse("desk:boards") if row.kind == "board" else reverse("desk:changes", args=[row.version_id])
        return row.kind, News(
            pk=row.pk, number=row.version.title, url=url, what=_(SAYINGS[row.kind]), place="", at=row.at, sign="list-checks"
        )
    case = row.case
    place = case.compound.name if case.compound else ""
    what = _(SAYINGS[row.kind]) if row.kind in SAYINGS else _(label(row.kind))
    sign = story.SIGNS.get({"third": "dispute", "declined": "decline", "late": "correct"}.get(row.kind, row.kind), "bell")
    return row.kind, News(
        pk=row.pk, number=case.number, url=reverse("desk:case", args=[case.number]), what=what, place=place, at=row.at, sign=sign
    )


def _bases_to_do(at: datetime) -> int:
    """How many clauses of the lists end soon or want a designation."""
    return sum(len(row.endings) + len(row.undesignated) for row in governance.to_do(at.astimezone(SHANGHAI).date()))


def _counts(at: datetime) -> list[tuple[str, int, str]]:
    """Figures of the county, each with the list that holds what was counted."""
    found, cases = piles.counts(at), reverse("desk:cases") + "?tab=all&"
    stages = [(_(STAGE_LABELS[stage]), found[stage], f"{cases}stage={stage.value}") for stage in STAGE_LABELS if stage in found]
    return [*stages, (_("其中超期"), found["late"], f"{cases}overdue=1")]


@require_POST
@staff()
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """知道了: the notice is seen and goes."""
    notice = piles.notice(pk, pages.actor(request))
    if notice is None:
        raise Http404
    services.acknowledge(notices=[notice.pk], at=pages.now())
    return pages.done(request, reverse("desk:today"))


@require_POST
@staff(*pages.CASEWORK)
def acknowledge_all(request: HttpRequest) -> HttpResponse:
    """都知道了: what the page showed under 有新动静 is seen; what came since stays, and so does what came back."""
    upto, at = whole(request.POST.get("upto")) or 0, pages.now()
    shown = [row.pk for row in piles.notices(pages.actor(request), at) if _is_news(row.kind) and row.pk <= upto]
    services.acknowledge(notices=shown, at=at)
    return pages.done(request, reverse("desk:today"))


@require_POST
@staff(Role.ADMIN)
def settle_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """看过了: somebody has dealt with an alarm."""
    if not alarm_services.settle(alarm=pk, person=pages.actor(request).person, at=pages.now()):
        raise Http404
    return pages.done(request, reverse("desk:today"))
