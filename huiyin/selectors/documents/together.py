"""What is told of several acts together: who did them, on which clauses, what was decided, told, heard, served and demanded before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from huiyin.rules import terms
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import DECISIONS, KINDS, kinds_for
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.vocabulary import HEARD, PERFORMED
from huiyin.selectors.documents import acts
from huiyin.selectors.documents.access import body_of, number_of
from huiyin.selectors.documents.matter import Matter

WEIGHED = {"adopted": "成立，予以采纳", "partly": "部分成立，对成立的部分予以采纳", "unfounded": "不成立，不予采纳"}


def _moment(matter: Matter, entry: Entry) -> str:
    return wording.moment(entry.happened)


def _who(matter: Matter, entry: Entry) -> str:
    who = matter.dossier.who(entry)
    return who.name if who else ""


def _officers(matter: Matter, entry: Entry) -> str:
    who, body = matter.dossier.who(entry), body_of(matter.dossier, entry)
    file = matter.file(entry)
    people = [who.person] if who else []
    people += [entry.data["second"]] if entry.data.get("second") else sorted(file.officers) if file else []
    return "、".join(matter.officer(person, body) for person in dict.fromkeys(people) if person in matter.names)


def _photos(matter: Matter, entry: Entry) -> str:
    count = sum(1 for photo in matter.dossier.attachments.get(entry.seq, ()) if photo.state != "masked")
    return f"{count}张" if count else ""


def _penalty(matter: Matter, entry: Entry) -> str:
    holders = (entry, matter.near("decide", entry), matter.near("advance_notice", entry))
    held = next((one for one in holders if one and one.data.get("penalties")), None)
    return acts.penalty(held.data) if held is not None else ""


def _fine(matter: Matter, entry: Entry) -> str:
    return wording.money(entry.data["amount"]) if "fine" in entry.data.get("penalties", ()) and entry.data.get("amount") else ""


def _evidence(matter: Matter, entry: Entry) -> str:
    """The records a decision rests on, counted."""
    file = matter.file(entry)
    counted = {
        "现场检查笔录": [one for one in matter.dossier.state.did("inspect") if file and one.seq in file.evidence],
        "询问笔录": [one for one in matter.dossier.state.did("interview") if file and one.seq in file.evidence],
        "检测、鉴定结果": [one for one in matter.dossier.state.did("test") if file and one.seq in file.evidence],
        "劝导记录": list(matter.dossier.state.did("dissuade")),
        "责令改正通知书": [one for one in matter.dossier.state.did("order") if matter.dossier.state.counts(one.seq)],
    }
    parts = [f"{name}{len(entries)}份" for name, entries in counted.items() if entries]
    photos = sum(len(kept) for kept in matter.dossier.attachments.values())
    return "、".join([*parts, *([f"照片{photos}张"] if photos else [])])


def _told(matter: Matter, entry: Entry) -> str:
    notice = matter.near("advance_notice", entry)
    if notice is None:
        return ""
    hearing = "、要求听证" if notice.data.get("hearing_told") == "yes" else ""
    when = wording.day(date.fromisoformat(notice.data["delivered_on"]))
    return f"于{when}向当事人送达行政处罚事先告知书，告知了拟作出的行政处罚内容及事实、理由、依据和陈述、申辩{hearing}的权利"


def _heard(matter: Matter, entry: Entry) -> str:
    heard = matter.near("hear", entry)
    if heard is None:
        return ""
    said = dict(HEARD).get(heard.data["heard"], "")
    weighed = WEIGHED.get(heard.data["adopted"], "")
    return f"当事人{said}。经本机关复核，{weighed}。" if weighed else f"当事人{said}。"


def _hearing(matter: Matter, entry: Entry) -> str:
    held = matter.near("hold_hearing", entry)
    if held is None:
        return ""
    when = wording.day(date.fromisoformat(held.data["held_on"]))
    if held.data["hearing_end"] == "held":
        return f"本机关于{when}举行了听证。"
    return f"原定{when}举行听证，{dict(FIELDS['hearing_end'].choices).get(held.data['hearing_end'], '')}。"


def _measure(matter: Matter, entry: Entry) -> str:
    taken = matter.dossier.state.entry(entry.data.get("of", 0))
    if taken is None:
        return ""
    return "先行登记保存" if taken.action == "preserve" else acts.told(matter, taken, "measure")


def _decided(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    if made is None:
        return ""
    if made.kind == "spot":
        return "《当场行政处罚决定书》"
    if made.punishes:
        return "《行政处罚决定书》"
    return "《限期拆除决定书》" if made.removal else "《不予行政处罚决定书》"


def _decided_number(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    held = [
        row for row in matter.made if made and row.seq == made.seq and row.kind in DECISIONS and row.state in {"open", "signed"}
    ]
    return number_of(held[-1]) if held else ""


def _served(matter: Matter, entry: Entry) -> str:
    number = _decided_number(matter, entry)
    decided = _decided(matter, entry).strip("《》")
    return _named(decided, number)


def _papers(matter: Matter, entry: Entry) -> str:
    """What was issued about an act and is handed to the party, with its numbers."""
    wanted = [row for row in matter.made if row.seq == entry.seq and row.kind in KINDS and KINDS[row.kind].delivered]
    given = sorted((row for row in wanted if row.state in {"open", "signed"}), key=lambda row: row.pk)
    return "、".join(_named(KINDS[row.kind].title, number_of(row)) for row in given)


def _named(title: str, number: str) -> str:
    return f"{title}（{number}）" if number else title


def _delivered(matter: Matter, entry: Entry) -> str:
    """The day something was handed over: as the act says, of the notice of a hearing as the hearing says; what is given on the spot that day."""
    if any(kind.on_the_spot and kind.delivered for kind in kinds_for(entry.action, entry.data)):
        return wording.day_at(entry.happened)
    held = matter.near("hold_hearing", entry) if entry.action == "hear" else None
    day = held.data["notified_on"] if held is not None else entry.data.get("delivered_on")
    return wording.day(date.fromisoformat(day)) if day else ""


def _announced(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    told = [one for one in matter.dossier.state.did("announce") if made and one.data.get("of") == made.seq]
    if not told:
        return ""
    done, due = (wording.day(date.fromisoformat(told[-1].data[name])) for name in ("done_on", "due"))
    return f"本机关已于{done}公告，限当事人于{due}前自行拆除，当事人逾期没有拆除。"


def _forced_by(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    return "《中华人民共和国行政强制法》第三十四条、第三十七条、第四十四条" if made and made.removal else ""


def _served_how(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    ways = [one for one in matter.dossier.state.did("serve") if made and one.data.get("of") == made.seq]
    if not ways:
        return ""
    return f"已于{wording.day(date.fromisoformat(ways[0].data['served_on']))}送达（{acts.told(matter, ways[0], 'way')}）"


def _owed(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    if made is None:
        return ""
    left = made.amount - made.paid
    fine = f"缴纳罚款{wording.money(left)}" if "fine" in made.penalties and left > 0 else ""
    down = "拆除违法建筑物、构筑物" if made.removal else ""
    return "；".join(part for part in (fine, down) if part) or _penalty(matter, entry)


def _surcharge(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    if made is None or "fine" not in made.penalties or not made.served:
        return ""
    due = terms.pay_until(date.fromisoformat(made.served), matter.dossier.context.calendar)
    return f"缴款期限到{wording.day(due)}，逾期每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。"


def _demanded(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    if made is None or not made.demands:
        return ""
    return f"本机关已于{wording.day(date.fromisoformat(made.demands[-1][1]))}送达催告书"


def _performed(matter: Matter, entry: Entry) -> str:
    made = matter.decision(entry)
    done = [one for one in matter.dossier.state.did("perform") if made and one.data.get("of") == made.seq]
    if not done:
        return ""
    return f"{dict(PERFORMED).get(done[-1].data['performed'], '')}（{wording.day(date.fromisoformat(done[-1].data['done_on']))}）"


#: What a template's `entry.…` stands for.
TOLD: Mapping[str, Callable[[Matter, Entry], str]] = {
    "moment": _moment,
    "who": _who,
    "officers": _officers,
    "photos": _photos,
    "basis": acts.bases,
    "policing": acts.policing,
    "penalty": _penalty,
    "fine": _fine,
    "evidence": _evidence,
    "told": _told,
    "heard": _heard,
    "hearing": _hearing,
    "measure": _measure,
    "decided": _decided,
    "decided_number": _decided_number,
    "served": _served,
    "papers": _papers,
    "delivered": _delivered,
    "announced": _announced,
    "forced_by": _forced_by,
    "served_how": _served_how,
    "owed": _owed,
    "surcharge": _surcharge,
    "demanded": _demanded,
    "performed": _performed,
}
