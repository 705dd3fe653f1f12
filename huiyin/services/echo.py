"""Messages owed to reporters, from the worker's side: taken one at a time, the address opened for it alone, the outcome written down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huiyin.adapters import vault
from huiyin.adapters.messages import Kind, Outcome, Result
from huiyin.records.models import Case, Delivery, Entry, Report
from huiyin.selectors import places
from huiyin.services import cases
from huiyin.services.cases.identity import identity_of
from huiyin.services.writing import writing

MAX_TRIES = 6
#: How long to wait after the first, second … failed try.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
#: A message that was taken is left alone for so long; when the worker dies meanwhile it is sent again under the same key.
LEASE = timedelta(minutes=5)
#: No message is put off for longer: one that is was written by a clock that was ahead, and would wait until that time comes.
FARTHEST = BACK_OFF[-1] + LEASE
ERROR_LENGTH = 120
#: Stands in `error` where nothing was sent because this is the demo.
DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message to be sent now. `to` is shown to nobody; key is the same at every try. Where to is empty, why says so."""

    id: int
    key: str
    channel: str
    kind: Kind
    number: str
    language: str
    county: str
    to: str = field(repr=False)
    why: str
    tries: int


def take(*, at: datetime, without: Collection[str] = ()) -> Owed | None:
    """The message that has been due longest, except on channels that do not work now. The try is counted before it begins."""
    ripe = Q(next_at__lte=at) | Q(next_at__gt=at + FARTHEST)
    due = Delivery.objects.filter(ripe, state="due").exclude(channel__in=without)
    if not due.exists():
        return None
    with writing():
        row = due.select_for_update(of=("self",)).select_related("report").order_by("next_at", "id").first()
        if row is None:
            return None
        row.tries, row.next_at = row.tries + 1, at + LEASE
        row.save(update_fields=["tries", "next_at"])
    to, why = _address(row)
    county = places.county()
    return Owed(
        id=row.pk,
        # The moment keeps ids apart that are given a second time after a backup was restored.
        key=f"{row.pk}:{row.seq}:{row.report_id}:{row.report.at.isoformat()}",
        channel=row.channel,
        kind=_kind(row),
        number=row.report.number,
        language=row.report.language,
        county=county.name if county else "",
        to=to,
        why=why,
        tries=row.tries,
    )


def record(*, owed: Owed, outcome: Outcome, at: datetime) -> bool:
    """Write down what came of a try; what is final becomes an entry of the case, in the same transaction. What was called off meanwhile
    (a newer echo) stays so. Returns whether the message is settled: it went, or it failed for good or for the sixth time."""
    with writing():
        # The case first, as every act does it, so that the two never wait for each other.
        list(_case_of(owed).select_for_update())
        row = Delivery.objects.select_for_update().get(pk=owed.id)
        if row.state != "due":
            return True
        row.error = outcome.detail[:ERROR_LENGTH]
        if outcome.result is Result.RETRY and row.tries < MAX_TRIES:
            row.next_at = at + BACK_OFF[min(row.tries, len(BACK_OFF)) - 1]
            row.save(update_fields=["error", "next_at"])
            return False
        ok = outcome.result is Result.DELIVERED
        row.state, row.done_at, row.next_at = ("sent" if ok else "failed"), at, at
        row.save(update_fields=["error", "state", "done_at", "next_at"])
        cases.delivered(delivery=row.pk, ok=ok, at=at)
        return True


def _address(row: Delivery) -> tuple[str, str]:
    """(address, why there is none)."""
    try:
        who = identity_of(row.report_id)
    except vault.CannotOpen:
        return "", "the address does not open with this key"
    to = who.email if row.channel == "email" else who.phone
    return to, "" if to else "no address is kept"


def _kind(row: Delivery) -> Kind:
    """An echo, or the act that is told of. The case may have been merged since, the entry stands where it was written."""
    if row.kind == "echo":
        return Kind.ECHO
    told = [kind.value for kind in Kind if kind is not Kind.ECHO]
    here = Q(case=row.case_id) | Q(case__survivor=row.case_id)
    action = Entry.objects.filter(here, seq=row.seq, action__in=told).values_list("action", flat=True).first()
    return Kind(action) if action else Kind.RESUME  # the most general of them, where the entry lies behind several merges


def _case_of(owed: Owed) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=Report.objects.filter(deliveries=owed.id).values("case"))
