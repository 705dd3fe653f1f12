"""People, bodies and postings. What gives somebody power over identities, oversight or oneself needs a second person."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher, make_password
from django.db.models import F, Q

from huiyin.records.models import Body, Person, Posting, PostingRequest, SoleAct
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.writing import writing

#: Postings that nobody gives alone.
PROTECTED = frozenset({Role.CO, Role.CUS, Role.GRV})
#: Who may be the second person.
SECOND = (Role.CO, Role.CUS)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class _Quick(Argon2PasswordHasher):
    """For passwords that a machine drew: nobody tries out 79 bits. At the first sign-in Django hashes anew with the full cost."""

    time_cost, memory_cost, parallelism = 1, 1024, 1


def made_up_password() -> str:
    """79 bits in four groups that can be read out and typed from paper; from letters that are not mistaken for each other."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def temporary_password() -> tuple[str, str]:
    """A password to hand over, and its hash. A county has a hundred people: each of their hashes at full cost takes a tenth of a second."""
    word = made_up_password()
    usual = get_hasher()
    return word, make_password(word, hasher=_Quick() if isinstance(usual, Argon2PasswordHasher) else usual)


class Forbidden(Exception):
    """This person may not do that; the message says why, for people."""


def _administers(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise Forbidden("只有管理员可以改设置。")


def _today(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def save_body(*, actor: Actor, at: datetime, body: int | None, data: Mapping[str, Any]) -> int:
    """Make or change a body; returns its id. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = Body.objects.get(pk=body) if body else Body()
        for name, value in data.items():
            setattr(row, name, value)
        row.save()
        forget_after_commit()
        return row.pk


def save_person(*, actor: Actor, at: datetime, person: int | None, data: Mapping[str, Any]) -> tuple[int, str]:
    """Make or change a person; a new one gets a temporary password, which is returned once and has to be changed. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = Person.objects.get(pk=person) if person else Person(must_change_password=True)
        if person == actor.person and not data.get("is_active", True):
            raise Forbidden("不能停用自己。")
        for name, value in data.items():
            setattr(row, name, value)
        temporary = ""
        if person is None:
            temporary, row.password = temporary_password()
        row.save()
        return row.pk, temporary


def new_password(*, actor: Actor, at: datetime, person: int) -> str:
    """A temporary password for who forgot theirs; open sessions of the old one end. Raises Forbidden for one's own, and for a protected
    role without a second factor: whoever gives it the password could sign in as that person."""
    _administers(actor)
    if person == actor.person:
        raise Forbidden("自己的密码请在“修改密码”里改。")
    with writing():
        if PROTECTED & _roles(person, at) and not _has_factor(person):
            raise Forbidden("这个人还没有设第二重验证，岗位又要两个人才能任命。请先结束任命，给新密码，再申请任命。")
        _let_in(actor, at, "password", person)
        return _temporary_password(person)


def password_changed(*, person: int) -> None:
    """Somebody has a password of their own now."""
    Person.objects.filter(pk=person).update(must_change_password=False)


def factor_removed(*, person: int) -> None:
    """Somebody took off their own second factor: the sessions that it opened end."""
    Person.objects.filter(pk=person).update(sessions=F("sessions") + 1)


def needs_second(actor: Actor, person: int, role: str) -> bool:
    """Whether a posting is not the administrator's alone to give: a protected role, or anything for oneself."""
    return Role(role) in PROTECTED or person == actor.person


def give_posting(*, actor: Actor, at: datetime, person: int, data: Mapping[str, Any], why: str = "") -> str:
    """Post somebody, or ask for it where a second person must agree. Returns "posted" or "asked". Raises Forbidden."""
    _administers(actor)
    role = str(data["role"])
    with writing():
        if needs_second(actor, person, role):
            if actor.person is None:
                raise Forbidden("要有人申请。")
            places = {name: data.get(name) for name in ("body_id", "community_id", "starts", "ends")}
            PostingRequest.objects.create(
                kind="posting", person_id=person, role=role, why=why, asked_by_id=actor.person, asked_at=at, **places
            )
            return "asked"
        row = Posting.objects.create(person_id=person, **data)
        _let_in(actor, at, "posting", person, row)
        return "posted"


def _let_in(actor: Actor, at: datetime, kind: str, person: int, posting: Posting | None = None) -> None:
    """What was just done alone lets somebody in; others see it. At the server's shell nobody is there in whose name it could be told."""
    if actor.person is not None:
        SoleAct.objects.create(**sole_act(by=actor.person, at=at, kind=kind, person=person, posting=posting))


def sole_act(*, by: int, at: datetime, kind: str, person: int, posting: Posting | None = None) -> dict[str, Any]:
    """The columns of what an administrator did alone."""
    where = {"role": posting.role, "body_id": posting.body_id, "community_id": posting.community_id} if posting else {}
    return {"kind": kind, "person_id": person, "by_id": by, "at": at, **where}


def looked(*, actor: Actor, at: datetime, acts: Iterable[int]) -> int:
    """A coordinator or custodian has looked at what an administrator did alone; neither at one's own nor at what is about oneself. How
    many are new to that. Raises Forbidden."""
    if not actor.has(*SECOND):
        raise Forbidden("要由协调监督或身份保管员来看。")
    with writing():
        rows = SoleAct.objects.filter(pk__in=list(acts), seen_at=None).exclude(by=actor.person).exclude(person=actor.person)
        return rows.update(seen_by=actor.person, seen_at=at)


def end_posting(*, actor: Actor, at: datetime, posting: int, last_day: date) -> None:
    """A posting ends with `last_day`; never before it began. A day later than the one on record lengthens it, which is as good as giving it:
    not alone where a second person has to agree, and told of where not. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = Posting.objects.get(pk=posting)
        longer = row.ends is not None and last_day > row.ends
        if longer and needs_second(actor, row.person_id, row.role):
            raise Forbidden("这个岗位要第二个人同意，任期不能自己延长：请另外申请任命。")
        if row.starts > last_day:
            raise Forbidden("结束的日子在开始之前。")
        if row.role == Role.ADMIN and not another_admin(row, last_day):
            raise Forbidden("至少要留一名管理员。")
        row.ends = last_day
        row.save(update_fields=["ends"])
        if longer:
            _let_in(actor, at, "posting", row.person_id, row)


def another_admin(row: Posting, day: date) -> bool:
    """Whether somebody else administers on the day after `day`."""
    later = day + timedelta(days=1)
    others = Posting.objects.filter(role=Role.ADMIN, person__is_active=True, starts__lte=later).exclude(pk=row.pk)
    return others.filter(Q(ends__isnull=True) | Q(ends__gte=later)).exists()


def set_badge(*, actor: Actor, at: datetime, posting: int, number: str, expires: date | None) -> None:
    """Number and last day of an officer's badge (行政处罚法 42). Raises Forbidden."""
    _administers(actor)
    with writing():
        Posting.objects.filter(pk=posting, role__in=[Role.OFF, Role.HEAD]).update(badge_no=number, badge_expires=expires)


def ask_factor_reset(*, actor: Actor, at: datetime, person: int, why: str) -> str:
    """Take away a lost second factor: at once for most, with a second person for protected roles and for oneself. Returns "reset" or "asked"."""
    _administers(actor)
    with writing():
        protected = {*PROTECTED, Role.ADMIN} & _roles(person, at)
        if not protected and person != actor.person:
            _reset_factor(person)
            _let_in(actor, at, "factor_reset", person)
            return "reset"
        if actor.person is None:
            raise Forbidden("要有人申请。")
        PostingRequest.objects.create(kind="factor_reset", person_id=person, why=why, asked_by_id=actor.person, asked_at=at)
        return "asked"


def _roles(person: int, at: datetime) -> frozenset[Role]:
    """The roles somebody holds today or will hold: a posting that begins tomorrow is no reason to be less careful."""
    held = Posting.objects.filter(person_id=person).exclude(ends__lt=_today(at)).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def _has_factor(person: int) -> bool:
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=person, type=Authenticator.Type.TOTP).exists())


def _reset_factor(person: int) -> None:
    """Takes the factor away and ends every open session: whoever had it in hand is out."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user_id=person).delete()
    Person.objects.filter(pk=person).update(sessions=F("sessions") + 1)


def _temporary_password(person: int) -> str:
    row = Person.objects.get(pk=person)
    temporary, row.password = temporary_password()
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    return temporary


def decide(*, actor: Actor, at: datetime, request: int, approved: bool) -> str:
    """A coordinator or custodian, neither who asked nor who it is about, agrees or not; the record stays. Raises Forbidden.

    Returns a temporary password, shown once, when somebody is posted to a first protected role: the administrator may know the old
    password or hold a second factor made in that person's name, so both end here, and the second person hands over the new one.
    """
    if not actor.has(*SECOND):
        raise Forbidden("要由协调监督或身份保管员决定。")
    with writing():
        row = PostingRequest.objects.select_for_update().get(pk=request)
        if row.decided_at is not None:
            raise Forbidden("这一条已经决定过了。")
        if actor.person in {row.asked_by_id, row.person_id}:
            raise Forbidden("申请的人和本人都不能决定，请另一位来决定。")
        row.decided_by_id, row.decided_at, row.approved = actor.person, at, approved
        row.save(update_fields=["decided_by", "decided_at", "approved"])
        return _carry_out(row, at) if approved else ""


def _carry_out(row: PostingRequest, at: datetime) -> str:
    if row.kind == "factor_reset":
        _reset_factor(row.person_id)
        return ""
    temporary = ""
    if Role(row.role) in PROTECTED and not PROTECTED & _roles(row.person_id, at):
        _reset_factor(row.person_id)
        temporary = _temporary_password(row.person_id)
    Posting.objects.create(
        person_id=row.person_id,
        role=row.role,
        body_id=row.body_id,
        community_id=row.community_id,
        starts=max(row.starts or _today(at), _today(at)),
        ends=row.ends,
    )
    return temporary
