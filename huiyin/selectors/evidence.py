"""Who may have the original of a piece of evidence, and how it went from hand to hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from huiyin.adapters import keys, vault
from huiyin.records.models import Attachment, Custody, CustodyWords
from huiyin.rules import evidence as rules
from huiyin.rules.roles import hats
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import people
from huiyin.selectors.cases import Dossier, standing
from huiyin.selectors.people import Actor

#: In this order is somebody asked as whom they look, who could as several.
HOLDERS = (Role.OFF, Role.HEAD, Role.REV, Role.SUP, Role.CO)
#: What residents sent holds where they were and on what: the lead alone, and who coordinates, may have it as it came.
HOLDERS_OF_RESIDENTS = (Role.OFF, Role.HEAD, Role.CO)
BUNDLERS = (Role.HEAD, Role.OFF, Role.CO)
READERS = (*HOLDERS, Role.COM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One step of a file's way as it is shown. `posting` or `report` says who; `words` to whom and why, empty where they are masked."""

    seq: int
    step: str
    posting: int | None
    report: int | None
    role: str
    at: datetime
    why: str
    words: str
    masked: bool


def role_for_original(dossier: Dossier, actor: Actor, row: Attachment) -> Role | None:
    """As whom the actor may have this original; None when they may not. Sealing is for the caller to ask besides."""
    if row.state == "masked":
        return None
    if row.report_id is not None:
        return _worn(dossier, actor, HOLDERS_OF_RESIDENTS, lead_alone=True)
    return _worn(dossier, actor, HOLDERS)


def role_for_bundle(dossier: Dossier, actor: Actor) -> Role | None:
    """As whom the actor may make a bundle of the case: the lead's head and officers, and the coordinator."""
    return _worn(dossier, actor, BUNDLERS, lead_alone=True)


def sees_way(dossier: Dossier, actor: Actor) -> bool:
    """Whether the actor reads who had which file: those who handle the case, and oversight."""
    return _worn(dossier, actor, READERS) is not None


def _worn(dossier: Dossier, actor: Actor, roles: tuple[Role, ...], *, lead_alone: bool = False) -> Role | None:
    where = standing(dossier.state, dossier.context)
    for role in roles:
        for posting in actor.postings:
            elsewhere = lead_alone and role in {Role.OFF, Role.HEAD} and posting.body != dossier.state.lead
            if posting.role == role and role in hats(posting, where) and not elsewhere:
                return role
    return None


def ways_of(rows: Iterable[Attachment]) -> Mapping[int, list[Passed]]:
    """How each of these files went, oldest first, in two queries."""
    found: dict[int, list[Passed]] = {}
    links = list(Custody.objects.filter(attachment__in=[row.pk for row in rows]).order_by("attachment", "seq"))
    said = {one.custody_id: one for one in CustodyWords.objects.filter(custody__in=[link.pk for link in links if link.words])}
    for link in links:
        words = said.get(link.pk)
        found.setdefault(link.attachment_id, []).append(
            Passed(
                seq=link.seq,
                step=link.step,
                posting=_number(link.actor, "p"),
                report=_number(link.actor, "r"),
                role=link.role,
                at=link.at,
                why=link.why,
                words=opened_words(link, words) if words else "",
                masked=words is not None and words.masked_at is not None,
            )
        )
    return found


def who(postings: Iterable[int], dossier: Dossier) -> Mapping[int, str]:
    """Body and name behind postings; those that no entry of the case names (oversight that looked in) take a query more."""
    wanted = set(postings)
    missing = wanted - set(dossier.postings)
    views = {**dossier.postings, **(people.around(missing, None, (), None, dossier.state.at.date()) if missing else {})}
    return {pk: " ".join(filter(None, (views[pk].body_name, views[pk].name))) for pk in wanted if pk in views}


def _number(actor: str, kind: str) -> int | None:
    return int(actor[1:]) if actor.startswith(kind) and actor[1:].isdecimal() else None


def opened_words(link: Custody, said: CustodyWords) -> str:
    return vault.unseal(keys.derive("identity"), said.text, f"custody:{link.words}") if said.text else ""


def claims_of(row: Attachment) -> Mapping[str, str]:
    """What the phone said of a file: rules.evidence.CLAIMS by name; nothing where it said nothing or it is masked."""
    if not row.claims:
        return {}
    kept = vault.unseal(keys.derive("identity"), row.claims, f"claims:{row.claims_commitment}")
    return {name: str(value) for name, value in json.loads(kept).items() if name in rules.CLAIMS}


def links_of(rows: Iterable[Attachment]) -> list[tuple[Custody, CustodyWords | None]]:
    """Every step of these files with what was written about it, for a bundle."""
    links = list(Custody.objects.filter(attachment__in=[row.pk for row in rows]).order_by("attachment", "seq"))
    said = {one.custody_id: one for one in CustodyWords.objects.filter(custody__in=[link.pk for link in links if link.words])}
    return [(link, said.get(link.pk)) for link in links]
