"""How long things are kept is set by the coordinator; what is overwritten is cleared from where the engine still holds it."""

from __future__ import annotations

from datetime import datetime

from huiyin.adapters import database
from huiyin.records.models import (
    Attachment,
    Case,
    CustodyWords,
    Document,
    LogState,
    Party,
    Report,
    Reporter,
    Retention,
    Signature,
    Words,
)
from huiyin.rules import retention
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.people import Actor
from huiyin.services.people import Forbidden
from huiyin.services.writing import writing

#: Tables of which something is overwritten when it is masked.
_OVERWRITTEN = (Words, Reporter, Report, Party, Attachment, CustodyWords, Document, Signature, Case)


def keep_for(*, actor: Actor, at: datetime, days: dict[str, int | None]) -> None:
    """Set the days of classes (None: for ever). Raises Forbidden, and ValueError for a number that may not be set; then nothing is."""
    if not actor.has(Role.CO):
        raise Forbidden("只有协调监督机构能改保存期限。")
    with writing():
        for code, many in days.items():
            if not retention.may_set(code, many):
                raise ValueError(code)
            Retention.objects.update_or_create(
                code=code, defaults={"days": many, "changed_by_id": actor.person, "changed_at": at}
            )


def scrub(*, whole: bool) -> bool:
    """Clear what was masked from the engine's own leftovers, when something was. `whole` also rewrites tables where only that helps
    (PostgreSQL, which locks them meanwhile: for the night). Returns whether it was done; False also when somebody is still reading."""
    if not LogState.objects.filter(scrub=True).exists():
        return False
    LogState.objects.update(scrub=False)  # first: what is masked meanwhile asks anew
    done = database.clear_leftovers([model._meta.db_table for model in _OVERWRITTEN], whole=whole)
    if not done:
        LogState.objects.update(scrub=True)
    return done
