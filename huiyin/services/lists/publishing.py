"""A list is published: checked item by item, in force from a day on, and told to every department that it concerns."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huiyin.records.models import Compound, ListVersion, Notice
from huiyin.rules import lists as rules
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import governance as known
from huiyin.selectors import places
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.lists.drafts import OPEN_STATES, NotThere, _coordinates
from huiyin.services.people import Forbidden
from huiyin.services.writing import writing


class NotReady(Exception):
    """What keeps the list from being published, item by item."""

    def __init__(self, problems: list[rules.Problem]) -> None:
        super().__init__("; ".join(f"{problem.item} {problem}" for problem in problems))
        self.problems = problems


def publish(*, actor: Actor, at: datetime, version: int, day: date) -> None:
    """Put a reviewed draft in force from `day` on (today or later); the one before ends the day before. Published, it never changes.

    Cases that were assigned keep the version they were assigned under. Raises Forbidden, NotThere, NotReady, and ValueError for a day
    that has passed or on which another version begins.
    """
    _coordinates(actor)
    with writing():
        row = ListVersion.objects.select_for_update().filter(pk=version, state__in=OPEN_STATES).first()
        if row is None:
            raise NotThere
        if row.state != "review":
            raise ValueError("先送审，再发布。")
        before = _before(row, day, at)
        found = known.problems_of(version, day)
        if not rules.may_be_published(found):
            raise NotReady([problem for problem in found if problem.stops])
        if before is not None:
            ListVersion.objects.filter(pk=before.pk).update(in_force_to=day - timedelta(days=1))
        row.state, row.in_force_from, row.published_by_id, row.published_at = "published", day, actor.person, at
        row.save(update_fields=["state", "in_force_from", "published_by", "published_at"])
        _tell(row, before, at)
        forget_after_commit()


def _before(row: ListVersion, day: date, at: datetime) -> ListVersion | None:
    """The version that ends; a list in force on a day is one alone."""
    if day < at.astimezone(SHANGHAI).date():
        raise ValueError("施行的日子已经过了，请选今天或以后。")
    last = ListVersion.objects.filter(listing=row.listing, state="published").order_by("-in_force_from").first()
    if last is not None and last.in_force_from is not None and last.in_force_from >= day:
        raise ValueError(f"第 {last.number} 版从 {last.in_force_from} 起施行，新的一版要在那之后。")
    return last


def _tell(row: ListVersion, before: ListVersion | None, at: datetime) -> None:
    """Departments whose matters changed, and the communities, whose boards are out of date now."""
    old = known.matters(before.pk) if before else []
    new = known.matters(row.pk)
    touched = {difference.code for difference in rules.differences(old, new)}
    codes = {code for matter in (*old, *new) if matter.code in touched for code in (matter.lead, *matter.cooperating)}
    bodies = [body.pk for body in places.bodies().values() if body.code in codes and body.code != rules.COURT]
    rows = [Notice(version=row, kind="list", body_id=body, at=at) for body in bodies]
    rows += [Notice(version=row, kind="board", community_id=pk, at=at) for pk in places.communities()]
    Notice.objects.bulk_create(rows)


def boards_renewed(*, actor: Actor, at: datetime, compounds: list[int]) -> int:
    """A clerk has hung up what is in force today on these compounds' service boards; returns how many. Raises Forbidden for another's."""
    with writing():
        rows = Compound.objects.filter(pk__in=compounds)
        if not actor.has(Role.CO) and rows.exclude(community_id__in=known.grounds(actor)).exists():
            raise Forbidden("只能登记本社区的公示栏。")
        changed = rows.update(board_at=at.astimezone(SHANGHAI).date())
        forget_after_commit()
        return changed
