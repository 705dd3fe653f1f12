"""What documents can be made on a case, what each would say and where that comes from, and who may see those that were made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.adapters import keys, vault
from huiyin.records.models import Case, Document, DocumentWord, Posting, Signature
from huiyin.rules import terms
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import ALWAYS, KINDS, Kind, Slot, gaps, kinds_for
from huiyin.rules.investigation import Decision, File
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.fields import Kind as FieldKind
from huiyin.rules.workflow.table import ACTIONS, label
from huiyin.rules.workflow.vocabulary import ADOPTIONS, HEARD, PENALTIES, PERFORMED, Role
from huiyin.selectors import cases as seen
from huiyin.selectors import log, places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.parties import Named
from huiyin.selectors.people import Actor

#: The whole file, bound: no template of its own.
WHOLE = "whole"
#: Records of the community and of firms: of their own making, and never of a punishment.
LOCAL = frozenset({"dissuasion", "urging"})
#: Acts of the officers' table whose clauses documents quote.
_IDENTITY = frozenset({"sex", "birth", "id_no", "address"})
SEXES = {"male": "男", "female": "女"}
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A document that an entry can be documented by: what it would say, and what is missing. `made` are those that exist already."""

    kind: Kind
    entry: Entry
    values: Mapping[str, str]
    gaps: tuple[Slot, ...]
    made: tuple[Document, ...] = ()

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


# ── who may see and make what ────────────────────────────────────────────────────────────────


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
    return list(Signature.objects.filter(document=document).select_related("posting__person", "posting__body").order_by("pk"))


def _with_people(rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.select_related("body", "made_by__person", "frozen_by__person", "void_by__person", "cites")


def number_of(document: Document) -> str:
    """Its 文号, empty while it has none."""
    if document.serial is None or document.year is None:
        return ""
    return wording.number(document.word, document.year, document.serial)


def title_of(document: Document) -> str:
    return "行政执法案卷" if document.kind == WHOLE else KINDS[document.kind].title if document.kind in KINDS else document.kind


def may_bind(dossier: Dossier, actor: Actor) -> bool:
    """Whether an actor may have the whole file bound: who handles it, never across the police's seal."""
    return actor.has(Role.OFF, Role.HEAD, Role.CO) and seen.sees_parties(dossier, actor)


def offers(dossier: Dossier, actor: Actor, made: Sequence[Document]) -> list[Offer]:
    """Every document that could be made now, newest act first, with what is missing."""
    known = Known(dossier, made, full=False)
    found = []
    for entry in reversed(dossier.state.entries):
        if entry.seq in dossier.state.rejected or not may_make(dossier, actor, entry):
            continue
        found += [known.offer(kind, entry) for kind in kinds_for(entry.action, entry.data)]
    return found


def offer(dossier: Dossier, actor: Actor, kind: str, seq: int) -> Offer | None:
    """One of them; None where it cannot be."""
    entry = dossier.state.entry(seq)
    if entry is None or kind not in KINDS or entry.seq in dossier.state.rejected or not may_make(dossier, actor, entry):
        return None
    if not KINDS[kind].fits(entry.action, entry.data):
        return None
    made = list(Document.objects.filter(case=dossier.case))
    return Known(dossier, made).offer(KINDS[kind], entry)


# ── what is known ────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Known:
    """Everything documents of a case may say, looked up by source."""

    dossier: Dossier
    made: Sequence[Document]
    full: bool = True
    names: dict[int, str] = field(default_factory=dict)
    badges: dict[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Names as the case's page has them already; with `full` also of whoever left since, and badges. One query then."""
        self.names = {view.person: view.name for view in self.dossier.postings.values()}
        for person, held in self.dossier.context.officers.items():
            self.names.setdefault(person, held[0].name if held else "")
        if not self.full:
            return
        people = set(self.names)
        for entry in self.dossier.state.entries:
            people |= {entry.data[name] for name in ("second", "chair", "person") if isinstance(entry.data.get(name), int)}
            people |= {one for one in entry.data.get("members", ()) if isinstance(one, int)}
        for row in Posting.objects.filter(person__in=people).select_related("person").order_by("starts", "pk"):
            self.names[row.person_id] = row.person.name
            if row.badge_no and row.body_id is not None:
                self.badges[(row.person_id, row.body_id)] = row.badge_no

    def offer(self, kind: Kind, entry: Entry) -> Offer:
        values = self.values(kind, entry)
        made = tuple(row for row in self.made if row.kind == kind.code and row.seq == entry.seq and row.masked_at is None)
        return Offer(kind=kind, entry=entry, values=values, gaps=gaps(kind, values), made=made)

    def values(self, kind: Kind, entry: Entry) -> dict[str, str]:
        """What each name of the kind's template stands for, as far as the record tells; the rest is asked for."""
        found = {name: self.look(source, entry) for name, source in ALWAYS.items()}
        for slot in kind.slots:
            found[slot.name] = next((text for source in slot.sources if (text := self.look(source, entry))), "")
        for slot in kind.slots:
            if slot.asked and not found[slot.name]:
                found[slot.name] = slot.default.replace("{县}", found["县"])
        return found

    def look(self, source: str, entry: Entry) -> str:
        place, _, name = source.partition(".")
        match place:
            case "case":
                return self._case(name)
            case "body":
                return self._body(name, entry)
            case "county":
                county = places.county()
                return county.name if county else ""
            case "party":
                return self._party(name, entry)
            case "document":
                return ""
            case "entry":
                return self._entry(name, entry)
        near = self.near(place, entry)
        return self._field(name, near) if near is not None else ""

    # ── the case and who is on it ──

    def _case(self, name: str) -> str:
        case = self.dossier.case
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
                return (
                    "居民反映"
                    if any(row.by_posting_id is None for row in self.dossier.reports.values())
                    else "巡查或者有关单位反映"
                )
            case "reported":
                return day(self.dossier.state.opened)
        return ""

    def _body(self, name: str, entry: Entry) -> str:
        body = places.bodies().get(body_of(self.dossier, entry) or 0)
        return (full_name(body.name) if name == "name" else body.short_name) if body else ""

    def _party(self, name: str, entry: Entry) -> str:
        party = self.party(entry)
        if party is None or party.masked:
            return ""
        detail = party.detail
        match name:
            case "name":
                return party.name
            case "address":
                return detail.get("address", "")
            case "identity" if self._policing(entry) and party.kind != "firm" and not detail.keys() >= _IDENTITY:
                return ""  # 治安管理处罚法 115 wants sex, age, document and address of who is punished
            case "line" | "identity":
                return "，".join(part for part in _described(party) if part)
        return detail.get(name, "")

    def party(self, entry: Entry) -> Named | None:
        """Of the act, else of its file, else of the decision it is about, else the only one there is."""
        decision, file = self.decision(entry), self.file(entry)
        for pk in (entry.data.get("party"), file.party if file else None, decision.party if decision else None):
            if pk is not None and pk in self.dossier.parties:
                return self.dossier.parties[pk]
        held = list(self.dossier.parties.values())
        return held[0] if len(held) == 1 else None

    # ── what is near an act ──

    def file(self, entry: Entry) -> File | None:
        files = self.dossier.state.inquiry.files
        if entry.seq in files:
            return files[entry.seq]
        if entry.data.get("file") in files:
            return files[entry.data["file"]]
        made = self.dossier.state.inquiry.decisions.get(entry.data.get("of", 0))
        return files.get(made.file or 0) if made else None

    def decision(self, entry: Entry) -> Decision | None:
        made = self.dossier.state.inquiry.decisions
        if entry.seq in made:
            return made[entry.seq]
        if entry.data.get("of") in made:
            return made[entry.data["of"]]
        file = self.file(entry)
        if file and file.decision is not None and file.decision in made:
            return made[file.decision]
        own = [one for one in made.values() if one.body == entry.data.get("body") and not one.annulled]
        return own[-1] if own and entry.action == "propose" else None

    def near(self, action: str, entry: Entry) -> Entry | None:
        """The act itself, the one it answers, the one of the same file, or the newest of that name on the case."""
        if entry.action == action:
            return entry
        if action == "approve":
            return self._approval(entry)
        if action == "propose" and "proposal" in entry.data:
            return self.dossier.state.entry(entry.data["proposal"])
        answered = self.dossier.state.entry(entry.data.get("of", 0))
        if answered is not None and answered.action == action:
            return answered
        file = self.file(entry)
        if file is not None and action == "open_file":
            return self.dossier.state.entry(file.seq)
        able = [one for one in self.dossier.state.did(action) if one.seq not in self.dossier.state.rejected]
        same = [one for one in able if file is not None and one.data.get("file") == file.seq]
        if action in {"open_file", "propose"} and file is None:
            return None
        return same[-1] if same else able[-1] if able else None

    def _approval(self, entry: Entry) -> Entry | None:
        wanted = {entry.seq, entry.data.get("proposal", 0)}
        return next((one for one in reversed(self.dossier.state.did("approve")) if one.data.get("of") in wanted), None)

    # ── fields of acts ──

    def _field(self, name: str, entry: Entry) -> str:
        if name == "moment":
            return moment(entry.happened)
        if name not in FIELDS:
            return ""
        field_ = FIELDS[name]
        if entry.action == "approve" and name == "yes":
            return "同意" if entry.data.get("yes") == "yes" else "不同意"
        if field_.kind is FieldKind.WORDS:
            return self.dossier.text(entry.seq, field_.key)
        value = entry.data.get(field_.key)
        return "" if value is None else self._shown(field_.kind, value, dict(field_.choices))

    def _shown(self, kind: FieldKind, value: Any, choices: Mapping[str, str]) -> str:
        match kind:
            case FieldKind.CODE:
                return choices.get(value, "")
            case FieldKind.CODES:
                return "、".join(choices.get(one, "") for one in value)
            case FieldKind.DATE:
                return wording.day(date.fromisoformat(value))
            case FieldKind.MOMENT:
                return moment(datetime.fromisoformat(value))
            case FieldKind.MONEY:
                return wording.money(value)
            case FieldKind.PERSON | FieldKind.OFFICER:
                return self.names.get(value, "")
            case FieldKind.PERSONS:
                return "、".join(self.names.get(one, "") for one in value)
            case FieldKind.BASIS:
                return self.basis(value)
            case FieldKind.BASES:
                return "；".join(self.basis(one) for one in value)
            case FieldKind.BODY | FieldKind.FIRM:
                body = places.bodies().get(value)
                return body.name if body else ""
            case FieldKind.ENTRY:
                return self._named_entry(value)
        return str(value)

    def _named_entry(self, seq: int) -> str:
        entry = self.dossier.state.entry(seq)
        return label(entry.action) if entry else ""

    def basis(self, pk: int) -> str:
        """A clause with its words as they stand in the list that day."""
        found = self.dossier.context.bases.get(pk)
        if found is None:
            return ""
        cited = wording.statute(found.label)
        return f"{cited}：“{found.quote}”" if found.quote else cited

    def _bases(self, entry: Entry) -> str:
        """The clauses of an act: its own, else of its decision, notice or file, and the others it names."""
        holders = [entry, self.near("decide", entry), self.near("advance_notice", entry), self.near("open_file", entry)]
        held = next((one for one in holders if one is not None and "basis" in one.data), None)
        if held is None:
            return ""
        also = held.data.get("also_bases", ())
        return "；".join(text for text in (self.basis(held.data["basis"]), *(self.basis(pk) for pk in also)) if text)

    def _policing(self, entry: Entry) -> str:
        holders = [entry, self.near("decide", entry), self.near("advance_notice", entry), self.near("open_file", entry)]
        held = next((one for one in holders if one is not None and "basis" in one.data), None)
        basis = self.dossier.context.bases.get(held.data["basis"]) if held is not None else None
        return "是" if basis is not None and basis.policing else ""

    # ── what is told of several acts together ──

    def _entry(self, name: str, entry: Entry) -> str:
        tell = getattr(self, f"_e_{name}", None)
        return tell(entry) if tell else ""

    def _e_moment(self, entry: Entry) -> str:
        return moment(entry.happened)

    def _e_who(self, entry: Entry) -> str:
        who = self.dossier.who(entry)
        return who.name if who else ""

    def _e_officers(self, entry: Entry) -> str:
        who, body = self.dossier.who(entry), body_of(self.dossier, entry)
        file = self.file(entry)
        people = [who.person] if who else []
        people += [entry.data["second"]] if entry.data.get("second") else sorted(file.officers) if file else []
        return "、".join(self._officer(person, body) for person in dict.fromkeys(people) if person in self.names)

    def _officer(self, person: int, body: int | None) -> str:
        badge = self.badges.get((person, body or 0), "")
        return f"{self.names[person]}（执法证号{badge}）" if badge else self.names[person]

    def _e_photos(self, entry: Entry) -> str:
        count = sum(1 for photo in self.dossier.attachments.get(entry.seq, ()) if photo.state != "masked")
        return f"{count}张" if count else ""

    def _e_basis(self, entry: Entry) -> str:
        return self._bases(entry)

    def _e_policing(self, entry: Entry) -> str:
        return self._policing(entry)

    def _e_penalty(self, entry: Entry) -> str:
        held = next(
            (
                one
                for one in (entry, self.near("decide", entry), self.near("advance_notice", entry))
                if one and one.data.get("penalties")
            ),
            None,
        )
        return penalty(held.data) if held is not None else ""

    def _e_fine(self, entry: Entry) -> str:
        return (
            wording.money(entry.data["amount"]) if "fine" in entry.data.get("penalties", ()) and entry.data.get("amount") else ""
        )

    def _e_evidence(self, entry: Entry) -> str:
        """The records a decision rests on, counted."""
        file = self.file(entry)
        counted = {
            "现场检查笔录": [one for one in self.dossier.state.did("inspect") if file and one.seq in file.evidence],
            "询问笔录": [one for one in self.dossier.state.did("interview") if file and one.seq in file.evidence],
            "检测、鉴定结果": [one for one in self.dossier.state.did("test") if file and one.seq in file.evidence],
            "劝导记录": list(self.dossier.state.did("dissuade")),
            "责令改正通知书": [one for one in self.dossier.state.did("order") if self.dossier.state.counts(one.seq)],
        }
        parts = [f"{name}{len(entries)}份" for name, entries in counted.items() if entries]
        photos = sum(len(kept) for kept in self.dossier.attachments.values())
        return "、".join([*parts, *([f"照片{photos}张"] if photos else [])])

    def _e_told(self, entry: Entry) -> str:
        notice = self.near("advance_notice", entry)
        if notice is None:
            return ""
        hearing = "、要求听证" if notice.data.get("hearing_told") == "yes" else ""
        when = wording.day(date.fromisoformat(notice.data["delivered_on"]))
        return f"于{when}向当事人送达行政处罚事先告知书，告知了拟作出的行政处罚内容及事实、理由、依据和陈述、申辩{hearing}的权利"

    def _e_heard(self, entry: Entry) -> str:
        heard = self.near("hear", entry)
        if heard is None:
            return ""
        said = dict(HEARD).get(heard.data["heard"], "")
        return f"当事人{said}；复核结论：{dict(ADOPTIONS).get(heard.data['adopted'], '')}。"

    def _e_hearing(self, entry: Entry) -> str:
        held = self.near("hold_hearing", entry)
        if held is None:
            return ""
        return f"{wording.day(date.fromisoformat(held.data['held_on']))}，{dict(FIELDS['hearing_end'].choices).get(held.data['hearing_end'], '')}"

    def _e_measure(self, entry: Entry) -> str:
        taken = self.dossier.state.entry(entry.data.get("of", 0))
        if taken is None:
            return ""
        return "先行登记保存" if taken.action == "preserve" else self._field("measure", taken)

    def _e_decided(self, entry: Entry) -> str:
        made = self.decision(entry)
        if made is None:
            return ""
        return (
            "《当场行政处罚决定书》"
            if made.kind == "spot"
            else "《行政处罚决定书》"
            if made.punishes
            else "《不予行政处罚决定书》"
        )

    def _e_decided_number(self, entry: Entry) -> str:
        made = self.decision(entry)
        kinds = {"decision", "no_penalty", "spot_decision"}
        held = [
            row for row in self.made if made and row.seq == made.seq and row.kind in kinds and row.state in {"open", "signed"}
        ]
        return number_of(held[-1]) if held else ""

    def _e_served(self, entry: Entry) -> str:
        number = self._e_decided_number(entry)
        decided = self._e_decided(entry).strip("《》")
        return f"{decided}（{number}）" if number else decided

    def _e_served_how(self, entry: Entry) -> str:
        made = self.decision(entry)
        ways = [one for one in self.dossier.state.did("serve") if made and one.data.get("of") == made.seq]
        if not ways:
            return ""
        return f"已于{wording.day(date.fromisoformat(ways[0].data['served_on']))}送达（{self._field('way', ways[0])}）"

    def _e_owed(self, entry: Entry) -> str:
        made = self.decision(entry)
        if made is None:
            return ""
        left = made.amount - made.paid
        return f"缴纳罚款{wording.money(left)}" if "fine" in made.penalties and left > 0 else self._e_penalty(entry)

    def _e_surcharge(self, entry: Entry) -> str:
        made = self.decision(entry)
        if made is None or "fine" not in made.penalties or not made.served:
            return ""
        due = terms.pay_until(date.fromisoformat(made.served), self.dossier.context.calendar)
        return f"缴款期限到{wording.day(due)}，逾期每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。"

    def _e_demanded(self, entry: Entry) -> str:
        made = self.decision(entry)
        if made is None or not made.demands:
            return ""
        return f"本机关已于{wording.day(date.fromisoformat(made.demands[-1][1]))}送达催告书"

    def _e_performed(self, entry: Entry) -> str:
        made = self.decision(entry)
        done = [one for one in self.dossier.state.did("perform") if made and one.data.get("of") == made.seq]
        if not done:
            return ""
        return f"{dict(PERFORMED).get(done[-1].data['performed'], '')}（{wording.day(date.fromisoformat(done[-1].data['done_on']))}）"


def full_name(name: str) -> str:
    """安和县自然资源局: a body's name with the county's, as it stands on a seal, where it is kept without."""
    county = places.county()
    if county is None or not name.startswith("县") or not county.name.endswith("县"):
        return name
    return county.name + name[1:]


def penalty(data: Mapping[str, Any]) -> str:
    """The kinds of a penalty with their sums, as a decision says them."""
    names, parts = dict(PENALTIES), []
    for code in data.get("penalties", ()):
        if code == "fine" and data.get("amount"):
            parts.append(f"罚款{wording.money(data['amount'])}")
        elif code == "confiscation" and data.get("value"):
            parts.append(f"{names[code]}，数额或者价值{wording.money(data['value'])}")
        else:
            parts.append(names.get(code, ""))
    return "；".join(part for part in parts if part)


def _described(party: Named) -> list[str]:
    detail = party.detail
    number = "统一社会信用代码" if party.kind == "firm" else "身份证件号码"
    return [
        party.name,
        SEXES.get(detail.get("sex", ""), ""),
        f"{detail['birth']}出生" if detail.get("birth") else "",
        f"{number}{detail['id_no']}" if detail.get("id_no") else "",
        f"地址{detail['address']}" if detail.get("address") else "",
        f"法定代表人（负责人）{detail['agent']}" if detail.get("agent") else "",
        f"电话{detail['phone']}" if detail.get("phone") else "",
    ]


def day(at: datetime) -> str:
    return wording.day(at.astimezone(SHANGHAI).date())


def moment(at: datetime) -> str:
    """2026年11月3日16时20分."""
    here = at.astimezone(SHANGHAI)
    return f"{wording.day(here.date())}{here.hour}时{here.minute:02d}分"


# ── what was kept ────────────────────────────────────────────────────────────────────────────


def sealed_context(pk: int) -> str:
    """What a document's content is bound to."""
    return f"document:{pk}"


def content(document: Document) -> dict[str, Any]:
    """What a document says: {given, doc, lasting}. Empty once masked."""
    if not document.sealed:
        return {}
    opened: dict[str, Any] = json.loads(vault.unseal(keys.derive("documents"), document.sealed, sealed_context(document.pk)))
    return opened


def signed_words(signature: Signature) -> str:
    if not signature.words:
        return ""
    return vault.unseal(keys.derive("documents"), signature.words, f"signature:{signature.document_id}:{signature.role}")


def lasting(body: int, kind: Kind) -> dict[str, str]:
    """What the body gave last for its own lines (its address, its bank), from its newest ten documents. One query."""
    names = {slot.name for slot in kind.slots if slot.lasting}
    found: dict[str, str] = {}
    for row in (
        Document.objects.filter(body=body, masked_at=None).exclude(sealed="").exclude(kind=WHOLE).order_by("-pk")[:10]
        if names
        else ()
    ):
        given = content(row).get("given", {})
        for name in names - found.keys():
            if given.get(name):
                found[name] = str(given[name])
    return found


def word_of(body: int) -> str:
    """机关代字 of a body: as set, else the county's first character with the body's short name."""
    kept = DocumentWord.objects.filter(body=body).values_list("word", flat=True).first()
    if kept:
        return kept
    county, known = places.county(), places.bodies().get(body)
    short = (known.short_name if known else "").removesuffix("局").removeprefix("县")
    return f"{county.name[:1] if county else ''}{short}"[:12]


def checkpoint() -> tuple[str, str] | None:
    """The latest checkpoint of the ledger to print at a document's foot, as (short text, what the QR holds); None until there is one."""
    anchor = log.latest_anchor()
    if anchor is None:
        return None
    return f"台账检查点 {anchor.short}（{moment(anchor.at)}）。扫码可核对本文书出具时的台账。", anchor.link


# ── the whole file ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheaf:
    """What a bound file holds: documents in the order they were issued, and photos by entry, as (copies' names, caption)."""

    document: Document
    dossier: Dossier
    documents: tuple[Document, ...]
    photos: tuple[tuple[tuple[str, ...], str], ...]
    opened: str
    closed: str


def sheaf(pk: int, at: datetime) -> Sheaf | None:
    """Everything to bind into the whole file `pk`; None once it was masked. A police file holds police documents, any other none of them."""
    row = Document.objects.filter(pk=pk, kind=WHOLE, masked_at=None).select_related("body").first()
    if row is None or row.case_id is None:
        return None
    case = seen.with_places(Case.objects.filter(pk=row.case_id)).get()
    dossier = seen.load(case, at) if row.police else seen.load_for(case, None, at)
    held = (
        Document.objects.filter(case=row.case_id, state__in=["open", "signed"], masked_at=None)
        .exclude(kind=WHOLE)
        .exclude(pdf="")
    )
    if not row.police:
        held = held.filter(police=False)
    photos = []
    for entry in dossier.state.entries:
        kept = tuple(photo.copy for photo in dossier.attachments.get(entry.seq, ()) if photo.state == "ready")
        if kept:
            photos.append((kept, f"{label(entry.action)}　{moment(entry.happened)}"))
    files = dossier.state.inquiry.files.values()
    closed = [file.closed for file in files if file.closed is not None]
    return Sheaf(
        document=row,
        dossier=dossier,
        documents=tuple(held.order_by("frozen_at", "pk")),
        photos=tuple(photos),
        opened=day(min((file.opened for file in files), default=dossier.state.opened)),
        closed=day(max(closed)) if closed else "",
    )


# ── the register ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One line of the register; `title` is what the kind is called."""

    document: Document
    number: str
    title: str


def register(actor: Actor, body: int, year: int, page: int = 1) -> list[Registered]:
    """Numbers of one body and year, voided ones too, newest first; for the body's own officers and heads, and the coordinator.

    A police body's register is the police's alone. No names stand in it.
    """
    if body not in registers(actor):
        return []
    rows = Document.objects.filter(body=body, year=year, serial__isnull=False).select_related(
        "case", "made_by__person", "void_by__person"
    )
    kept = rows.order_by("word", "-serial")[(page - 1) * PAGE : page * PAGE + 1]
    return [Registered(document=row, number=number_of(row), title=title_of(row)) for row in kept]


def registers(actor: Actor) -> list[int]:
    """Bodies whose register an actor may read."""
    own = sorted(bodies_of(actor)) if actor.has(Role.OFF, Role.HEAD, Role.COM, Role.CO) else []
    if not actor.has(Role.CO):
        return own
    others = sorted(set(places.bodies()) - seen.police() - set(own))
    return [*own, *others]
