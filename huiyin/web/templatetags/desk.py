"""What lists of the desk are drawn with: fifty rows and their filters in one go, since a template takes its time for every cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from huiyin.web import wording
from huiyin.web.templatetags import huiyin as parts

register = template.Library()
PLACEHOLDER = "0000-00000"


@register.simple_tag
def case_rows(rows: Sequence[Any], now: datetime, short: bool = False) -> SafeString:
    """{% case_rows rows now short=True %}: rows of huiyin.web.desk.lists.Shown as table rows; short leaves out lead, tier, reports and time."""
    head, _sep, tail = reverse("desk:case", args=[PLACEHOLDER]).partition(PLACEHOLDER)
    stages: dict[str, str] = {}
    tiers: dict[str, str] = {}
    drawn = []
    for row in rows:
        if row.stage not in stages:
            stages[row.stage] = parts.stage(row.stage)
        if row.tier not in tiers:
            tiers[row.tier] = parts.tier(row.tier)
        drawn.append(_row(row, now, short, f"{head}{escape(row.number)}{tail}", stages[row.stage], tiers[row.tier]))
    return mark_safe("".join(drawn))  # noqa: S308, every text in it was escaped or is a part of ours


def _row(row: Any, now: datetime, short: bool, url: str, stage: str, tier: str) -> str:
    place, title = escape(row.place), escape(row.title)
    due = parts.due(row.due, now, left=row.left, paused=row.paused, what=row.what)
    cells = [
        f'<td class="num nw"><a class="no-b" href="{url}">{escape(row.number)}</a></td>'
        f'<td class="w"><div class="cut"><a href="{url}" title="{escape(row.item)}">{title}</a></div></td>'
        f'<td class="p mm"><div class="cut" title="{place}">{place}</div></td><td>{stage}</td>'
    ]
    if not short:
        handler = f' <span class="mm">{escape(row.handler)}</span>' if row.handler else ""
        marks = "".join(f' <span class="tag">{escape(mark)}</span>' for mark in row.marks)
        cells.append(f'<td class="nw">{escape(row.lead)}{handler}</td><td class="nw">{tier}{marks}</td>')
    cells.append(f'<td class="r">{due}</td>')
    if not short:
        many = ngettext("%(n)d 户", "%(n)d 户", row.households) % {"n": row.households}
        cells.append(f'<td class="r nw">{escape(many)}</td><td class="mm nw">{escape(wording.near(row.last_at, now))}</td>')
    return f"<tr>{''.join(cells)}</tr>\n"


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """{% options stages filters.stage %}: the options of a select, the chosen one marked."""
    rows = ((value, mark_safe(" selected") if str(value) == str(chosen) else "", name) for value, name in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
