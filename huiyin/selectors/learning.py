"""What triage can learn from: reports that a clerk has put under an item or refused, and what was learnt when."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Max, Q

from huiyin.records.models import Suggestion, TriageModel, Words
from huiyin.rules.triage import NOWHERE, Example

MOST = 50_000  # decided reports that are looked back at
EACH = 200  # the newest of every item that are learnt from: more teach little, and learning stays within a minute of one core
#: Refused because it is on neither list; other refusals (in court, secret) say nothing about what a matter is.
OFF_LIST = "off_list"


def newest(catalogue: str) -> TriageModel | None:
    """The last that was learnt for these words; without its weights."""
    return TriageModel.objects.filter(catalogue=catalogue).defer("weights").order_by("-made_at", "-pk").first()


def confirmed_since(moment: datetime | None) -> int:
    """How many reports a clerk has decided since."""
    rows = Suggestion.objects.filter(_confirmed())
    return rows.filter(chosen_at__gt=moment).count() if moment else rows.count()


def _confirmed() -> Q:
    return Q(chosen_at__isnull=False) & (~Q(chosen="") | Q(refused=OFF_LIST))


def confirmed() -> list[Example]:
    """The newest EACH decided reports of every item in their reporters' words, masked ones left out.

    Personal data: for learning only, kept nowhere.
    """
    rows = (
        Suggestion.objects.filter(_confirmed())
        .order_by("-chosen_at")
        .values_list("report_id", "report__case_id", "chosen")[:MOST]
    )
    labels, many = {}, Counter[str]()
    for report, case, chosen in rows:
        many[chosen] += 1
        if many[chosen] <= EACH:
            labels[report] = chosen, case
    said = Words.objects.filter(field="words", masked_at=None, report__suggestion__chosen_at__isnull=False).order_by("pk")
    texts: dict[int, str] = {}
    for report, text in said.values_list("report_id", "text").iterator(chunk_size=2000):
        if report in labels:
            texts.setdefault(report, text)  # the first words are the report, later ones supplement it
    return [
        Example(text=text, label=labels[report][0] or NOWHERE, of=labels[report][1]) for report, text in texts.items() if text
    ]


def masked_since(moment: datetime) -> datetime | None:
    """When something that could be learnt from was last masked, if that was after `moment`."""
    rows = Words.objects.filter(field="words", masked_at__gt=moment, report__suggestion__chosen_at__isnull=False)
    last: datetime | None = rows.aggregate(last=Max("masked_at"))["last"]
    return last
