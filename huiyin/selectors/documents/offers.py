"""What documents can be made on a case, what each would say and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q

from huiyin.records.models import Document
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import ALWAYS, KINDS, Kind, Slot, gaps, kinds_for
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.table import ACTIONS
from huiyin.rules.workflow.vocabulary import SEXES, Role
from huiyin.selectors import places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.documents import acts
from huiyin.selectors.documents.access import body_of, may_make
from huiyin.selectors.documents.kept import lasting, newest
from huiyin.selectors.documents.matter import Matter
from huiyin.selectors.documents.together import TOLD
from huiyin.selectors.parties import Named
from huiyin.selectors.people import Actor

#: What 治安管理处罚法 115 wants of who is punished, beside the name.
_IDENTITY = frozenset({"sex", "birth", "id_no", "address"})
#: Whom an act asked or handed something to, and the field that says whether that is the party; anybody else is on no record, and asked for.
_MAY_BE_ANOTHER = {"asked": "subject", "asked_line": "subject", "receiver": "receiver", "receiver_address": "receiver"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A document that an entry can be documented by: what it would say, and what is missing. `made` are those that exist already, `lasting`
    what the body gave last for its own lines."""

    kind: Kind
    entry: Entry
    values: Mapping[str, str]
    gaps: tuple[Slot, ...]
    made: tuple[Document, ...] = ()
    lasting: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_acts(self) -> tuple[tuple[Slot, str], ...]:
        """What no form can give: each gap with the act that would, empty where none is known."""
        return tuple((slot, act_for(slot)) for slot in self.gaps if not slot.asked)

    @property
    def asked(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.kind.slots if slot.asked)


def act_for(slot: Slot) -> str:
    """The act that gives what a slot wants: of the table, or naming the party."""
    for source in slot.sources:
        act, _, _name = source.partition(".")
        if act == "party":
            return "name_party"
        if act in ACTIONS:
            return act
    return ""


def offers(dossier: Dossier, actor: Actor, made: Sequence[Document]) -> list[Offer]:
    """Every document that could be made now, newest act first, with what is missing."""
    matter = Matter(dossier, made, full=False)
    found = []
    for entry in reversed(dossier.state.entries):
        if entry.seq in dossier.state.rejected or not may_make(dossier, actor, entry):
            continue
        found += [_offer(matter, kind, entry) for kind in kinds_for(entry.action, entry.data)]
    return found


def offer(dossier: Dossier, actor: Actor, kind: str, seq: int) -> Offer | None:
    """One of them; None where it cannot be."""
    entry = dossier.state.entry(seq)
    if entry is None or kind not in KINDS or entry.seq in dossier.state.rejected or not may_make(dossier, actor, entry):
        return None
    if not KINDS[kind].fits(entry.action, entry.data):
        return None
    wanted, body = KINDS[kind], body_of(dossier, entry)
    given = any(slot.lasting for slot in wanted.slots) and body is not None
    rows = Document.objects.filter(Q(case=dossier.case) | Q(pk__in=newest(body)) if given else Q(case=dossier.case))
    held = list(rows.order_by("pk"))
    found = _offer(Matter(dossier, [row for row in held if row.case_id == dossier.case.pk]), wanted, entry)
    return replace(found, lasting=lasting(wanted, [row for row in held if row.body_id == body])) if given else found


def _offer(matter: Matter, kind: Kind, entry: Entry) -> Offer:
    values = _values(matter, kind, entry)
    made = tuple(row for row in matter.made if row.kind == kind.code and row.seq == entry.seq and row.masked_at is None)
    return Offer(kind=kind, entry=entry, values=values, gaps=gaps(kind, values), made=made)


def _values(matter: Matter, kind: Kind, entry: Entry) -> dict[str, str]:
    """What each name of the kind's template stands for, as far as the record tells; the rest is asked for."""
    found = {name: _look(matter, source, entry) for name, source in ALWAYS.items()}
    for slot in kind.slots:
        found[slot.name] = next((text for source in slot.sources if (text := _look(matter, source, entry))), "")
    for slot in kind.slots:
        if slot.asked and not found[slot.name]:
            found[slot.name] = slot.default.replace("{县}", found["县"])
    return found


def _look(matter: Matter, source: str, entry: Entry) -> str:
    place, _, name = source.partition(".")
    match place:
        case "case":
            return _case(matter.dossier, name)
        case "body":
            return _body(matter.dossier, name, entry)
        case "county":
            county = places.county()
            return county.name if county else ""
        case "party":
            return _party(matter, name, entry)
        case "document":
            return ""
        case "entry":
            return TOLD[name](matter, entry)
    near = matter.near(place, entry)
    return acts.told(matter, near, name) if near is not None else ""


def _case(dossier: Dossier, name: str) -> str:
    case = dossier.case
    compound = case.compound.name if case.compound else ""
    match name:
        case "number":
            return case.number
        case "item":
            return case.item_name
        case "cause":
            return f"涉嫌{case.item_name}" if case.item_name else ""
        case "compound":
            return compound
        case "community":
            return case.community.name if case.community else ""
        case "place":
            return f"{compound}{case.building}"
        case "source":
            told = [*dossier.state.did("report"), *dossier.state.did("join")]
            return "居民反映" if any(entry.role == Role.RES for entry in told) else "巡查或者有关单位反映"
        case "reported":
            return wording.day_at(dossier.state.opened)
    return ""


def _body(dossier: Dossier, name: str, entry: Entry) -> str:
    body = places.bodies().get(body_of(dossier, entry) or 0)
    return (full_name(body.name) if name == "name" else body.short_name) if body else ""


def _party(matter: Matter, name: str, entry: Entry) -> str:
    party = matter.party(entry)
    if party is None or party.masked:
        return ""
    detail = party.detail
    if entry.data.get(_MAY_BE_ANOTHER.get(name, ""), "party") != "party":
        return ""
    match name:
        case "name" | "asked" | "receiver":
            return party.name
        case "address" | "receiver_address":
            return detail.get("address", "")
        case "identity" if acts.policing(matter, entry) and party.kind != "firm" and not detail.keys() >= _IDENTITY:
            return ""
        case "line" | "asked_line":
            return "，".join(part for part in _described(party) if part)
        case "identity":  # the address stands by itself, and a telephone number belongs on no decision
            return "，".join(part for part in _described(party, reach=False) if part)
    return detail.get(name, "")


def _described(party: Named, *, reach: bool = True) -> list[str]:
    """Who a party is; with `reach` also where and at which number."""
    detail = party.detail
    number = "统一社会信用代码" if party.kind == "firm" else "身份证件号码"
    return [
        party.name,
        dict(SEXES).get(detail.get("sex", ""), ""),
        f"{wording.birth(detail['birth'])}出生" if detail.get("birth") else "",
        f"{number}{detail['id_no']}" if detail.get("id_no") else "",
        f"地址{detail['address']}" if reach and detail.get("address") else "",
        f"法定代表人（负责人）{detail['agent']}" if detail.get("agent") else "",
        f"电话{detail['phone']}" if reach and detail.get("phone") else "",
    ]


def full_name(name: str) -> str:
    """安和县自然资源局: a body's name with the county's, as it stands on a seal, where it is kept without."""
    county = places.county()
    if county is None or not name.startswith("县") or not county.name.endswith("县"):
        return name
    return county.name + name[1:]
