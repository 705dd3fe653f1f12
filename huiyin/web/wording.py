"""Dates, durations and deadlines in words, in Chinese and English. Everything comes as an argument: nothing here knows the time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.acts import Refusal

WEEKDAYS = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SOON = timedelta(hours=4)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MINUTES_AN_HOUR, MINUTES_A_DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How a deadline is shown: look is a class of status.css (empty for the quiet one), icon a symbol of the sprite or empty."""

    look: str
    icon: str
    words: str


def english() -> bool:
    """Whether the page is in English; every other language gets Chinese."""
    return (get_language() or "").startswith("en")


def listed(parts: Iterable[str], sign: str = "、") -> str:
    """一、二, in English one, two; what is empty is left out. sign is the Chinese one."""
    return (", " if english() else sign).join(filter(None, parts))


def bracketed(text: str) -> str:
    """（有效）, in English with a blank before it: (in force)."""
    return f" ({text})" if english() else f"（{text}）"


def refused(why: Refusal) -> str:
    """Why an act is refused, in the reader's language, the labels in it too, days as people write them."""
    given = {name: _said(value) for name, value in why.params.items()}
    return gettext(why.text) % given if given else gettext(why.text)


def _said(value: Any) -> Any:
    if isinstance(value, tuple):
        return gettext("或").join(gettext(one) for one in value)
    if not isinstance(value, str) or not value:
        return value
    return day(date.fromisoformat(value)) if _ISO_DAY.fullmatch(value) else gettext(value)


def local(value: datetime) -> datetime:
    """The moment on the county's clock. Raises ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(SHANGHAI)


def day(value: date, now: datetime | None = None) -> str:
    """11月3日, with the year when `now` is given and lies in another one: 2025年11月3日."""
    value = local(value).date() if isinstance(value, datetime) else value
    year = now is not None and local(now).year != value.year
    if english():
        return f"{value.day} {MONTHS_EN[value.month - 1]}" + (f" {value.year}" if year else "")
    return (f"{value.year}年" if year else "") + f"{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """周二, Tue."""
    value = local(value).date() if isinstance(value, datetime) else value
    return WEEKDAYS_EN[value.weekday()] if english() else "周" + WEEKDAYS[value.weekday()]


def clock(value: datetime) -> str:
    """9:05, 16:20."""
    value = local(value)
    return f"{value.hour}:{value.minute:02}"


def moment(value: datetime, now: datetime | None = None) -> str:
    """11月3日 周二 16:20, in English Tue 3 Nov 16:20; with the year when `now` is given and lies in another one."""
    parts = (weekday(value), day(value, now)) if english() else (day(value, now), weekday(value))
    return " ".join((*parts, clock(value)))


def near(value: datetime, now: datetime) -> str:
    """今天 16:20, 明天 9:00, 昨天 15:20; further away the date and time."""
    distance = (local(value).date() - local(now).date()).days
    names = {-1: gettext("昨天"), 0: gettext("今天"), 1: gettext("明天")}
    return f"{names[distance] if distance in names else day(value, now)} {clock(value)}"


def workdays(count: int) -> str:
    """2 个工作日."""
    return ngettext("%(n)d 个工作日", "%(n)d 个工作日", count) % {"n": count}


def duration(minutes: int) -> str:
    """25 分钟, 1 小时 44 分, 3 小时, 2 天; the sign is dropped, and from two days on hours are too."""
    minutes = abs(minutes)
    if minutes < MINUTES_AN_HOUR:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    if minutes < 2 * MINUTES_A_DAY:
        hours, rest = divmod(minutes, MINUTES_AN_HOUR)
        whole = ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}
        return whole + (" " + gettext("%(n)d 分") % {"n": rest} if rest else "")
    days = minutes // MINUTES_A_DAY
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}


def left(count: int) -> str:
    """还剩 2 个工作日."""
    return gettext("还剩 %(time)s") % {"time": workdays(count)}


def late(count: int | None, minutes: int) -> str:
    """超期 1 个工作日; where no whole workday has passed (count is 0 or None) 超期 40 分钟, 超期 3 小时, 超期 2 天."""
    return gettext("超期 %(time)s") % {"time": workdays(abs(count)) if count else _round(minutes)}


def early(count: int) -> str:
    """提前 6 个工作日; 按时 when no workday was left."""
    return gettext("提前 %(time)s") % {"time": workdays(count)} if count > 0 else gettext("按时")


def before(value: datetime, now: datetime, what: str = "") -> str:
    """今天 16:20, with what is due then 今天 16:20 前签收."""
    time = near(value, now)
    return gettext("%(time)s 前%(what)s") % {"time": time, "what": what} if what else time


def due(
    when: datetime,
    now: datetime,
    *,
    workdays_left: int | None = None,
    kept: datetime | bool | None = None,
    paused: str = "",
    what: str = "",
) -> Due:
    """How a deadline is shown: quiet, soon (today or within four hours), late, kept, or standing.

    workdays_left: from now, or from when it was kept, to `when`; negative after it; None where workdays do not matter.
    kept: when the promise was kept, or whether it was kept in time; None while it is open.
    paused: why the clock stands. what: the act that is due, 签收.
    """
    if kept is not None:
        in_time = kept if isinstance(kept, bool) else kept <= when
        return _kept(workdays_left) if in_time else _kept_late(workdays_left, kept, when)
    if paused:
        return Due(look="pause", icon="pause", words=paused)
    if now > when:
        return Due(look="late", icon="triangle-alert", words=late(workdays_left, minutes_between(when, now)))
    if local(when).date() == local(now).date() or when - now <= SOON:
        return Due(look="soon", icon="timer", words=before(when, now, what))
    return Due(look="", icon="", words=left(workdays_left) if workdays_left else before(when, now, what))


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end."""
    return int((end - start) / timedelta(minutes=1))


def _kept(workdays_left: int | None) -> Due:
    return Due(look="done", icon="check", words=early(workdays_left or 0))


def _kept_late(workdays_left: int | None, kept: datetime | bool, when: datetime) -> Due:
    if isinstance(kept, bool) and not workdays_left:
        return Due(look="", icon="", words=gettext("晚了"))
    minutes = 0 if isinstance(kept, bool) else minutes_between(when, kept)
    time = workdays(abs(workdays_left)) if workdays_left else _round(minutes)
    return Due(look="", icon="", words=gettext("晚了 %(time)s") % {"time": time})


def _round(minutes: int) -> str:
    """A duration without its minutes once it is longer than an hour; never none: what is late is late."""
    if minutes == 0:
        return gettext("不到 1 分钟")
    return duration(minutes if abs(minutes) < MINUTES_AN_HOUR else abs(minutes) // MINUTES_AN_HOUR * MINUTES_AN_HOUR)
