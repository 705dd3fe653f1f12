"""Tags and filters that draw the small parts of every page: icons, stages, deadlines, tiers, steps, fields, dates.

In templates: {% load huiyin %}. What they say is worded in huiyin.web.wording.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from huiyin.rules import evidence
from huiyin.rules.workflow.vocabulary import STAGE_LABELS, TIER_LABELS, Stage, Tier
from huiyin.selectors import portal
from huiyin.web import wording

register = template.Library()
T = TypeVar("T")

TIER_BARS = 3
CODE_GROUP = 4
TEXT_ROWS = 4


@lru_cache(maxsize=1)
def sprite() -> str:
    """Where the sprite lies; looked up once, since a page draws dozens of icons."""
    return static("huiyin/sprite.svg")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """{% icon "phone" %}, {% icon "phone" "l key" %}: a symbol of the sprite, silent for screen readers. A word stands beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', f"i {classes}" if classes else "i", sprite(), name
    )


@register.simple_tag
def mark() -> SafeString:
    """{% mark %}: the product's sign, 回 in a speech bubble."""
    return format_html('<svg class="mark" aria-hidden="true"><use href="{}#mark"/></svg>', sprite())


@register.simple_tag
def stage(value: str) -> SafeString:
    """{% stage case.stage %}: word and shape. Raises ValueError for what is no stage."""
    which = Stage(value)
    return format_html('<span class="st">{}{}</span>', icon(f"s-{which.value}"), gettext(STAGE_LABELS[which]))


@register.simple_tag
def tier(value: str) -> SafeString:
    """{% tier case.tier %}: bars and word; nothing where no tier was reached. Raises ValueError for what is no tier."""
    which = Tier(value or "")
    if which is Tier.NONE:
        return SafeString("")
    bars = format_html_join("", "<i{}></i>", ((SafeString(' class="on"' if n < which.rank else ""),) for n in range(TIER_BARS)))
    return format_html(
        '<span class="nw"><span class="tier" aria-hidden="true">{}</span>{}</span>', bars, gettext(TIER_LABELS[which])
    )


@register.simple_tag
def due(
    when: datetime | None,
    now: datetime,
    left: int | None = None,
    kept: datetime | bool | None = None,
    paused: str = "",
    what: str = "",
) -> SafeString:
    """{% due case.due now left=n kept=at paused=why what="签收" %}: a deadline, grey, amber, red or ticked; nothing without `when`.

    The arguments are those of wording.due; left is its workdays_left. The full time stands in the title.
    """
    if not when:
        return SafeString("")
    shown = wording.due(when, now, workdays_left=_known(left), kept=_known(kept), paused=paused or "", what=what or "")
    return format_html(
        '<span class="{}" title="{}">{}{}</span>',
        f"due {shown.look}".strip(),
        wording.moment(when, now),
        icon(shown.icon) if shown.icon else "",
        shown.words,
    )


def _known(value: T) -> T | None:
    """The value; a variable that a template lacks arrives as an empty text."""
    return None if value == "" else value


@register.simple_tag
def steps(rows: Iterable[tuple[str, date | None, str]], in_row: bool = False) -> SafeString:
    """{% steps rows %}, {% steps rows in_row=True %}: the five stages as a stepper.

    rows: (stage, its date or None, "did", "now" or "" for what has not come yet). in_row is the desk's one-line form.
    """
    items, month = [], None
    for value, reached, state in rows:
        reached = wording.local(reached).date() if isinstance(reached, datetime) else reached
        said = _step_date(reached, whole=in_row or (reached is not None and month not in (None, reached.month)))
        month = reached.month if reached else month
        items.append(
            (_step_state(state), icon(f"s-{value}" if state else "s-reported"), gettext(STAGE_LABELS[Stage(value)]), said)
        )
    drawn = format_html_join("", "<li{}>{}<span>{}{}</span></li>", items)
    return format_html('<ol class="{}">{}</ol>', "steps in-row" if in_row else "steps", drawn)


def _step_state(state: str) -> SafeString:
    return SafeString({"did": ' class="did"', "now": ' class="now" aria-current="step"'}.get(state, ""))


def _step_date(reached: date | None, *, whole: bool) -> SafeString:
    if reached is None:
        return SafeString("")
    short = wording.day(reached) if whole or wording.english() else f"{reached.day}日"
    return format_html("<small>{}</small>", short)


@register.simple_tag
def code(secret: str) -> SafeString:
    """{% code receipt.code %}: the secret of a receipt in boxes, four and four, read out letter by letter."""
    groups = [secret[start : start + CODE_GROUP] for start in range(0, len(secret), CODE_GROUP)]
    boxes = [(format_html_join("", "<b>{}</b>", ((letter,) for letter in group)),) for group in groups]
    said = gettext("查询码 %(letters)s") % {"letters": " ".join(secret)}
    return format_html('<p class="code" role="img" aria-label="{}">{}</p>', said, format_html_join("", "<span>{}</span>", boxes))


@register.inclusion_tag("parts/field.html")
def field(
    bound: BoundField, label: str = "", hint: str = "", kbd: str = "", seg: bool = False, rows: int = 0, **attrs: Any
) -> dict[str, Any]:
    """{% field form.text hint="…" kbd="Alt 1" rows=4 data_suggest_url=url %}: label, control, hint and errors of one form field.

    seg draws radio buttons as one segmented control. Further arguments become attributes of the control, _ as -.
    """
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    if isinstance(widget, Textarea):
        given["rows"] = rows or getattr(bound.field, "rows", TEXT_ROWS)
    if not many and not single:
        given["class"] = " ".join(filter(None, ("in", widget.attrs.get("class"), given.get("class"))))
    if kbd.startswith("Alt "):
        given["data-key"] = kbd.replace(" ", "+")
    errors_id, hint_id = f"{bound.auto_id}_error", f"{bound.auto_id}_hint"
    hint = hint or str(bound.help_text)
    described = " ".join(name for name, there in ((errors_id, bound.errors), (hint_id, hint)) if there)
    if described:
        given["aria-describedby"] = described
    return {
        "bound": bound,
        "control": "" if many else bound.as_widget(attrs=given),
        "many": many,
        "single": single,
        "seg": seg,
        "is_select": isinstance(widget, Select),
        "label": label or bound.label,
        "hint": hint,
        "kbd": kbd,
        "errors_id": errors_id,
        "hint_id": hint_id,
    }


@register.filter
def when(value: datetime | None, now: datetime | None = None) -> str:
    """{{ entry.at|when }}: 11月3日 周二 16:20. {{ entry.at|when:now }} adds the year when it is another one."""
    return "" if value is None else wording.moment(value, now)


@register.filter
def near(value: datetime | None, now: datetime) -> str:
    """{{ entry.at|near:now }}: 今天 16:20, 昨天 15:20, 11月3日 16:20."""
    return "" if value is None else wording.near(value, now)


@register.filter
def day(value: date | None, now: datetime | None = None) -> str:
    """{{ date|day }}: 11月3日."""
    return "" if value is None else wording.day(value, now)


@register.filter
def duration(value: timedelta | int | None) -> str:
    """{{ span|duration }}: 1 小时 44 分, from a timedelta or minutes."""
    if value is None:
        return ""
    return wording.duration(int(value / timedelta(minutes=1)) if isinstance(value, timedelta) else value)


@register.filter
def item_name(case: Any) -> str:
    """{{ case|item_name }}: the case's item in the reader's language, empty where it has none."""
    return portal.item_name(case)


@register.filter
def zh(value: object) -> str | SafeString:
    """{{ basis.law|zh }}: what stays Chinese on an English page is marked as such for screen readers."""
    return format_html('<span lang="zh">{}</span>', value) if wording.english() else str(value)


@register.filter
def family(kind: str) -> str:
    """{{ photo.kind|family }}: photo, video, audio or paper."""
    return evidence.family_of(kind).value


@register.filter
def family_name(kind: str) -> str:
    """{{ photo.kind|family_name }}: 照片, 视频, 录音, 文件."""
    return gettext(evidence.FAMILY_LABELS[evidence.family_of(kind)])


@register.filter
def said(text: str) -> str:
    """{{ label|said }}: a label of the rules in the reader's language."""
    return gettext(text) if text else ""
