"""Which cases are ripe for what the clock starts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from huiyin.records.models import Case, Contract
from huiyin.rules import ledger
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import places
from huiyin.selectors.cases import entries_of


def ripe_to_close(at: datetime, limit: int) -> list[str]:
    """Echoed cases whose time to dispute is over. Those with a third dispute unanswered wait for the coordinator."""
    ripe = Case.objects.filter(stage="echoed", closes_at__lte=at, disputes__lt=3)
    upheld = Case.objects.filter(stage="echoed", closes_at__lte=at, disputes__gte=3, entries__action="uphold")
    return [
        *ripe.order_by("closes_at").values_list("number", flat=True)[:limit],
        *upheld.values_list("number", flat=True)[:limit],
    ]


def pauses_over(at: datetime, limit: int) -> list[str]:
    today = at.astimezone(SHANGHAI).date().isoformat()
    over = []
    for pk, number in Case.objects.filter(paused=True).order_by("pk").values_list("pk", "number"):
        pause = ledger.fold(entries_of(pk)).paused
        if pause is not None and pause.until < today:
            over.append(number)
            if len(over) == limit:
                break
    return over


def left_by_firms(at: datetime, limit: int) -> list[tuple[str, int]]:
    """(number, office) of open cases led by a firm that has no contract for their compound today."""
    day = at.astimezone(SHANGHAI).date()
    under = Contract.objects.filter(firm=OuterRef("lead"), compound=OuterRef("compound"), starts__lte=day).exclude(ends__lt=day)
    left = Case.objects.filter(stage__in=["assigned", "handling"], lead__kind="property").exclude(Exists(under))
    rows = left.exclude(community=None).order_by("pk").values_list("number", "community_id")[:limit]
    return [(number, places.communities()[community].office_id) for number, community in rows]
