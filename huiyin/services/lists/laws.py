"""The register of laws: when one ends, every clause of it ends; and whom the county designated where a law leaves that to it."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from huiyin.records.models import Designation, Law
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.lists.drafts import NotThere, _coordinates
from huiyin.services.writing import writing


def save_law(*, actor: Actor, at: datetime, law: int, valid_to: date | None, successor: str) -> None:
    """Enter the first day on which a law no longer applies, or take that back, and what takes its place.

    Raises Forbidden, NotThere, ValueError for an end before its beginning.
    """
    _coordinates(actor)
    with writing():
        row = Law.objects.select_for_update().filter(pk=law).first()
        if row is None:
            raise NotThere
        if valid_to is not None and row.valid_from is not None and valid_to <= row.valid_from:
            raise ValueError("失效的日子在施行之前。")
        row.valid_to, row.successor, row.changed_by_id, row.changed_at = valid_to, successor, actor.person, at
        row.save()
        forget_after_commit()


def designate(*, actor: Actor, at: datetime, law_code: str, article: str, body: int, document: str, starts: date) -> int:
    """地方人民政府指定的部门, by a document; the one that ran ends the day before. Returns its id.

    Raises Forbidden, ValueError for a day that is taken already.
    """
    _coordinates(actor)
    with writing():
        running = Designation.objects.filter(law_code=law_code, article=article).filter(
            Q(ends__isnull=True) | Q(ends__gte=starts)
        )
        for row in running:
            if row.starts >= starts:
                raise ValueError("这一天或以后已经有一次指定，请换一个日子。")
            row.ends = date.fromordinal(starts.toordinal() - 1)
            row.save(update_fields=["ends"])
        made = Designation.objects.create(law_code=law_code, article=article, body_id=body, document=document, starts=starts)
        forget_after_commit()
        return made.pk


def end_designation(*, actor: Actor, at: datetime, designation: int, last_day: date) -> None:
    """The last day of a designation. Raises Forbidden, NotThere, ValueError for a day before it began."""
    _coordinates(actor)
    with writing():
        row = Designation.objects.select_for_update().filter(pk=designation).first()
        if row is None:
            raise NotThere
        if last_day < row.starts:
            raise ValueError("结束的日子在开始之前。")
        row.ends = last_day
        row.save(update_fields=["ends"])
        forget_after_commit()
