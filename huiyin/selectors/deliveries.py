"""Echoes on their way: calls to make, and in the demo the messages that were not sent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from huiyin.records.models import (
    Delivery,
    Words,
)
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.desk import PILE, communities_of
from huiyin.selectors.people import Actor


def calls(actor: Actor, at: datetime) -> list[Delivery]:
    """Echoes that wait for a call: a clerk's own ground, the coordinator's where a case has none. Never a number."""
    return list(_calls(actor).select_related("case", "case__compound", "report").order_by("next_at", "id")[:PILE])


def calls_count(actor: Actor) -> int:
    return _calls(actor)[: PILE + 1].count()


def _calls(actor: Actor) -> QuerySet[Delivery]:
    able = Q(pk__in=[])
    for posting in actor.postings:
        if posting.role is Role.COM:
            able |= Q(case__community_id__in=communities_of(posting.community, posting.body))
        if posting.role is Role.CO:
            able |= Q(case__community=None)
    return Delivery.objects.filter(able, kind="echo", state="call")


def outbox() -> list[tuple[Delivery, str]]:
    """The newest messages with the reply they would carry. Only the demo has a page for it; no address is read."""
    rows = list(Delivery.objects.select_related("case", "report").order_by("-id")[:100])
    said = {
        (row.case_id, row.seq): row.text for row in Words.objects.filter(case__in={row.case_id for row in rows}, field="reply")
    }
    return [(row, said.get((row.case_id, row.seq), "")) for row in rows]
