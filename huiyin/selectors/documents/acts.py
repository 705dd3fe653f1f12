"""What one act says, field by field, in the words of an official text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huiyin.rules.documents import wording
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.fields import Kind as FieldKind
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import PENALTIES
from huiyin.selectors import places
from huiyin.selectors.documents.matter import Matter


def told(matter: Matter, entry: Entry, name: str) -> str:
    """A field of an act; empty where the act has none of that name."""
    if name == "moment":
        return wording.moment(entry.happened)
    if name not in FIELDS:
        return ""
    field_ = FIELDS[name]
    if entry.action == "approve" and name == "yes":
        return "同意" if entry.data.get("yes") == "yes" else "不同意"
    if entry.action == "review" and name == "passed":
        return "审核通过" if entry.data.get("passed") == "yes" else "审核未通过"
    if field_.kind is FieldKind.WORDS:
        return matter.dossier.text(entry.seq, field_.key)
    value = entry.data.get(field_.key)
    if name == "ended" and value and entry.data.get("began"):
        return wording.until(datetime.fromisoformat(entry.data["began"]), datetime.fromisoformat(value))
    return "" if value is None else _shown(matter, field_.kind, value, dict(field_.choices))


def _shown(matter: Matter, kind: FieldKind, value: Any, choices: Mapping[str, str]) -> str:
    match kind:
        case FieldKind.CODE:
            return choices.get(value, "")
        case FieldKind.CODES:
            return "、".join(choices.get(one, "") for one in value)
        case FieldKind.DATE:
            return wording.day(date.fromisoformat(value))
        case FieldKind.MOMENT:
            return wording.moment(datetime.fromisoformat(value))
        case FieldKind.MONEY:
            return wording.money(value)
        case FieldKind.PERSON | FieldKind.OFFICER:
            return matter.names.get(value, "")
        case FieldKind.PERSONS:
            return "、".join(matter.names.get(one, "") for one in value)
        case FieldKind.BASIS:
            return basis(matter, value)
        case FieldKind.BASES:
            return "；".join(basis(matter, one) for one in value)
        case FieldKind.BODY | FieldKind.FIRM:
            body = places.bodies().get(value)
            return body.name if body else ""
        case FieldKind.ENTRY:
            named = matter.dossier.state.entry(value)
            return label(named.action) if named else ""
    return str(value)


def basis(matter: Matter, pk: int) -> str:
    """A clause with its words as they stand in the list that day."""
    found = matter.dossier.context.bases.get(pk)
    if found is None:
        return ""
    cited = wording.statute(found.label)
    return f"{cited}：“{found.quote}”" if found.quote else cited


def _resting(matter: Matter, entry: Entry) -> Entry | None:
    """The act that names the clauses of an act: itself, else its decision, notice or file."""
    holders = [entry, matter.near("decide", entry), matter.near("advance_notice", entry), matter.near("open_file", entry)]
    return next((one for one in holders if one is not None and "basis" in one.data), None)


def bases(matter: Matter, entry: Entry) -> str:
    """The clauses of an act: its own, else of its decision, notice or file, and the others it names."""
    held = _resting(matter, entry)
    if held is None:
        return ""
    also = held.data.get("also_bases", ())
    return "；".join(text for text in (basis(matter, held.data["basis"]), *(basis(matter, pk) for pk in also)) if text)


def policing(matter: Matter, entry: Entry) -> str:
    """是 where the act rests on 治安管理处罚法, else nothing, as templates ask it."""
    held = _resting(matter, entry)
    basis = matter.dossier.context.bases.get(held.data["basis"]) if held is not None else None
    return "是" if basis is not None and basis.policing else ""


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
