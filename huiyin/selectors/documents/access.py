"""Whose documents are whose: who may see and make them on a case, those that were made, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from huiyin.records.models import Document, Signature
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import DECISIONS, KINDS
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import cases as seen
from huiyin.selectors import places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor

#: The whole file, bound: no template of its own.
WHOLE = "whole"
#: Records of the community and of firms: of their own making, and never of a punishment.
LOCAL = frozenset({"dissuasion", "urging"})


def may_see(dossier: Dossier, actor: Actor, document: Document) -> bool:
    """Documents hold persons: they are for officers, heads and reviewers of the bodies on the case and the coordinator; a record of
    dissuasion or a letter to a firm also for the body that made it. Of a police file for the police alone (治安管理处罚法 136)."""
    if document.masked_at is not None or document.case_id != dossier.case.pk:
        return False
    if document.police or (seen.sealed_from(dossier, actor) and document.kind not in LOCAL):
        return document.police and document.body_id in actor.bodies and actor.has(Role.OFF, Role.HEAD, Role.REV)
    if document.kind in LOCAL and document.body_id in bodies_of(actor):
        return True
    return seen.sees_parties(dossier, actor)


def bodies_of(actor: Actor) -> frozenset[int]:
    """The bodies an actor speaks for; a clerk of a community for its office."""
    held = places.communities()
    offices = {held[pk].office_id or held[pk].township_id for pk in actor.communities if pk in held and actor.has(Role.COM)}
    return actor.bodies | frozenset(pk for pk in offices if pk is not None)


def body_of(dossier: Dossier, entry: Entry) -> int | None:
    """The body whose document an entry makes: that of the posting; for a clerk of a community its office."""
    posting = dossier.context.postings.get(entry.posting or 0)
    if posting is None:
        return None
    if posting.body is not None:
        return posting.body
    community = places.communities().get(posting.community or 0)
    return (community.office_id or community.township_id) if community else None


def may_make(dossier: Dossier, actor: Actor, entry: Entry) -> bool:
    """Whoever of the body did the act, or a colleague there."""
    if not actor.has(Role.OFF, Role.HEAD, Role.REV, Role.COM, Role.PRO, Role.CO):
        return False
    if entry.action not in {"dissuade", "urge"} and seen.sealed_from(dossier, actor):
        return False
    return body_of(dossier, entry) in bodies_of(actor)


def of_case(dossier: Dossier, actor: Actor) -> list[Document]:
    """Documents of a case that an actor may see, newest first. One query."""
    rows = _with_people(Document.objects.filter(case=dossier.case)).order_by("-pk")
    return [row for row in rows if may_see(dossier, actor, row)]


def find(dossier: Dossier, actor: Actor, pk: int) -> Document | None:
    row = _with_people(Document.objects.filter(case=dossier.case, pk=pk)).first()
    return row if row is not None and may_see(dossier, actor, row) else None


def signatures(document: Document) -> list[Signature]:
    return list(
        Signature.objects.filter(document=document).select_related("posting__person", "posting__body", "document").order_by("pk")
    )


def _with_people(rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.select_related("body", "made_by__person", "frozen_by__person", "void_by__person", "cites")


def number_of(document: Document) -> str:
    """Its 文号, empty while it has none."""
    if document.serial is None or document.year is None:
        return ""
    return wording.number(document.word, document.year, document.serial)


def title_of(document: Document) -> str:
    return "行政执法案卷" if document.kind == WHOLE else KINDS[document.kind].title if document.kind in KINDS else document.kind


def handed_over(dossier: Dossier, made: Sequence[Document], receipt: Document) -> str:
    """What a 送达回证 is about, among the documents of its case: their titles; empty for any other document."""
    kind, entry = KINDS.get(receipt.kind), dossier.state.entry(receipt.seq)
    if kind is None or entry is None:
        return ""
    if kind.receipts:
        seq, kinds = entry.seq, {code for code, one in KINDS.items() if one.delivered}
    elif entry.action == "serve":
        seq, kinds = entry.data["of"], set(DECISIONS)
    else:
        return ""
    given = [row for row in made if row.seq == seq and row.kind in kinds and row.state in {"open", "signed"}]
    return "、".join(dict.fromkeys(KINDS[row.kind].title for row in sorted(given, key=lambda row: row.pk)))


def may_bind(dossier: Dossier, actor: Actor) -> bool:
    """Whether an actor may have the whole file bound: who handles it, never across the police's seal."""
    return actor.has(Role.OFF, Role.HEAD, Role.CO) and seen.sees_parties(dossier, actor)


def final(made: Sequence[Document]) -> bool:
    """Whether there is anything to bind: a document beyond its draft."""
    return any(row.kind != WHOLE and row.state != "draft" and row.masked_at is None for row in made)
