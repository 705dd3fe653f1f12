"""What the worker reports back about a message: the attempt's outcome becomes an entry, a failure becomes a call."""

from __future__ import annotations

from datetime import datetime

from huiyin.records.models import Case, Delivery, Report
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import cases as seen
from huiyin.services.cases.record import append, copy
from huiyin.services.writing import writing


def delivered(*, delivery: int, ok: bool, at: datetime) -> None:
    """Record that an echo reached its reporter or finally did not. An unreachable reporter with a phone lands on the call list."""
    with writing():
        owed = Delivery.objects.select_related("report").get(pk=delivery)
        if owed.kind != "echo":
            return
        case = Case.objects.select_for_update().get(pk=owed.report.case_id)
        state = ledger.fold(seen.entries_of(case.pk))
        data = {"report": owed.report_id, "channel": owed.channel, "outcome": "delivered" if ok else "failed", "of": owed.seq}
        after = append(case, state, action="deliver", actor="sys", role=Role.SYS, at=at, data=data)
        copy(case, after, before=state)
        given = after.reports.get(owed.report_id)
        Report.objects.filter(pk=owed.report_id).update(available=given.available if given else at)
        if not ok and owed.channel != "phone" and "phone" in owed.report.contact.split(","):
            Delivery.objects.get_or_create(
                report=owed.report,
                case=case,
                seq=owed.seq,
                kind="echo",
                channel="phone",
                defaults={"state": "call", "next_at": at},
            )
