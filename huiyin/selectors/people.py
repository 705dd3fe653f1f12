"""Who somebody is today: the postings a person holds, and the names behind postings that entries refer to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from huiyin.records.models import Posting
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import Posting as RulePosting
from huiyin.rules.workflow.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person with the postings valid that day, a resident by the report they hold the receipt of, or the system."""

    person: int | None = None
    name: str = ""
    postings: tuple[RulePosting, ...] = ()
    report: int | None = None
    system: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        if self.system:
            return frozenset({Role.SYS})
        if self.report is not None:
            return frozenset({Role.RES})
        return frozenset(posting.role for posting in self.postings)

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))

    @property
    def bodies(self) -> frozenset[int]:
        return frozenset(posting.body for posting in self.postings if posting.body is not None)

    @property
    def communities(self) -> frozenset[int]:
        return frozenset(posting.community for posting in self.postings if posting.community is not None)


SYSTEM = Actor(system=True, name="系统")


def resident(report: int) -> Actor:
    return Actor(report=report, name="居民")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingView:
    """A posting with the words to show for it."""

    id: int
    person: int
    name: str
    role: str
    body: int | None
    body_name: str
    rule: RulePosting
    badge: str = ""

    @property
    def where(self) -> str:
        return self.body_name


def actor_of(person: int, at: datetime) -> Actor:
    """The person with every posting valid on the day of `at` (Asia/Shanghai). One query."""
    day = at.astimezone(SHANGHAI).date()
    rows = list(on(day).filter(person_id=person, person__is_active=True).select_related("person").order_by("pk"))
    return Actor(person=person, name=rows[0].person.name if rows else "", postings=tuple(rule(row) for row in rows))


def on(day: date) -> QuerySet[Posting]:
    return Posting.objects.filter(starts__lte=day).exclude(ends__lt=day)


def rule(row: Posting) -> RulePosting:
    return RulePosting(
        id=row.pk,
        person=row.person_id,
        role=Role(row.role),
        body=row.body_id,
        community=row.community_id,
        starts=row.starts,
        ends=row.ends,
        badge_expires=row.badge_expires,
        name=row.person.name,
    )


def view(row: Posting) -> PostingView:
    where = row.body.short_name if row.body else row.community.name if row.community else ""
    return PostingView(
        id=row.pk,
        person=row.person_id,
        name=row.person.name,
        role=row.role,
        body=row.body_id,
        body_name=where,
        rule=rule(row),
        badge=row.badge_no,
    )


def around(
    ids: Iterable[int], lead: int | None, beside: Iterable[int], community: int | None, day: date
) -> dict[int, PostingView]:
    """The postings named by entries, and everybody who could act on a case today: of the lead, of cooperating bodies, of the
    community's station. One query."""
    bodies = [body for body in {lead, *beside} if body is not None]
    today = Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gte=day)) & Q(person__is_active=True)
    able = Q(body__in=bodies) | Q(role=Role.COM, community_id=community) if community else Q(body__in=bodies)
    rows = Posting.objects.filter(Q(pk__in=list(ids)) | (today & able)).select_related("person", "body", "community")
    return {row.pk: view(row) for row in rows.order_by("pk")}
