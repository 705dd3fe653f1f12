"""The way of a report in plain words: what a resident reads of each entry, and nothing of what is not theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huiyin.records.models import Report
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import Outcome, Stage
from huiyin.selectors import places
from huiyin.selectors.cases import Dossier

#: Icon, sentence, and the words that were written.
Said = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of the way, as a resident reads it."""

    at: datetime
    icon: str
    text: str
    words: str = ""


def short_day(iso: str) -> str:
    """A date as the ledger keeps it, 2026-12-01, for readers: 12月1日."""
    return date_format(date.fromisoformat(iso), "MONTH_DAY_FORMAT")


def lines(mine: Report, dossier: Dossier) -> list[Line]:
    """The way of a report, the newest step first."""
    told = ((entry, _told(entry, dossier, mine)) for entry in reversed(dossier.state.entries))
    return [Line(at=entry.happened, icon=said[0], text=said[1], words=said[2]) for entry, said in told if said is not None]


def _told(entry: ledger.Entry, dossier: Dossier, mine: Report) -> Said | None:
    who = dossier.who(entry)
    by = who.body_name if who else ""
    if entry.action in _PLAIN:
        icon, text = _PLAIN[entry.action]
        return icon, _(text) % {"by": by}, ""
    if entry.action in _INQUIRY:
        said = _inquired(entry) if dossier.state.counts(entry.seq) else ""
        return ("gavel", said, "") if said else None
    return _reported(entry, dossier, mine) or _decided(entry, dossier, by) or _handled(entry, dossier, by)


#: How somebody was talked to; the reporter is told of a visit only where there was one.
_PERSUADED: Mapping[str, str] = {
    "face": gettext_noop("%(by)s当面劝说。"),
    "door": gettext_noop("%(by)s上门劝说。"),
    "phone": gettext_noop("%(by)s打电话劝说。"),
    "notice": gettext_noop("%(by)s张贴了劝告。"),
}

#: Acts of which nothing is told but that somebody did them.
_PLAIN: Mapping[str, tuple[str, str]] = {
    "decline": ("rotate-ccw", gettext_noop("%(by)s退回了，重新找该管的部门。")),
    "accept": ("s-handling", gettext_noop("%(by)s接下了这件事。")),
    "attend": ("footprints", gettext_noop("%(by)s到现场看了。")),
    "urge": ("mail", gettext_noop("%(by)s督促物业把该做的做好。")),
    "property_reply": ("building-2", gettext_noop("物业答复了做了什么。")),
    "coordinate": ("handshake", gettext_noop("%(by)s联系有关单位协调。")),
    "resume": ("s-handling", gettext_noop("接着办理。")),
    "reopen": ("rotate-ccw", gettext_noop("退回重新办理。")),
    "close": ("s-closed", gettext_noop("归档。")),
}


def _reported(entry: ledger.Entry, dossier: Dossier, mine: Report) -> Said | None:
    """What reporters did and were told: of their own in full, of others only that they are there."""
    own = entry.data.get("report") == mine.pk
    text = dossier.text
    match entry.action:
        case "report" if own:
            return "s-reported", _("您反映了这件事。"), ""
        case "report" | "split" | "join":
            if own:
                return "s-reported", _("您说也遇到了。"), ""
            return ("users", _("有邻居也遇到了。"), "") if entry.action == "join" else ("s-reported", _("这件事有人反映。"), "")
        case "absorb" if mine.pk in {row["id"] for row in entry.data["reports"]}:
            return "s-reported", _("您反映了这件事，和邻居反映的并到一起办。"), ""
        case "absorb":
            return "users", _("另一件相同的反映并到一起办。"), ""
        case "supplement" if own:
            return "plus", _("您补充了情况。"), text(entry.seq, "words")
        case "call" if own:
            said = _("打电话给您，说上话了。") if entry.data["reached"] == "yes" else _("打电话给您，没有打通。")
            return "phone", said, ""
        case "feedback" if own:
            solved = entry.data["satisfied"] == "yes"
            return ("thumbs-up", _("您说解决了。"), "") if solved else ("thumbs-down", _("您说没解决。"), "")
        case "dispute" if own:
            return "thumbs-down", _("您说没解决。"), text(entry.seq, "words")
        case "dispute":
            return "thumbs-down", _("有反映人说没解决。"), ""
        case "retract" if own:
            return "x", _("您撤回了反映。"), ""
    return None


def _decided(entry: ledger.Entry, dossier: Dossier, by: str) -> Said | None:
    """Whose matter it is, how long it takes and how it ended."""
    lead = places.bodies().get(entry.data.get("lead", 0))
    text = dossier.text
    match entry.action:
        case "ask":
            return "circle-help", _("%(by)s想问您：") % {"by": by}, text(entry.seq, "question")
        case "assign" | "settle" | "reassign":
            return "s-assigned", _("交给%(lead)s办。") % {"lead": lead.name if lead else ""}, ""
        case "reclassify" if entry.to is Stage.ASSIGNED:
            return "s-assigned", _("换了事项，交给%(lead)s办。") % {"lead": lead.name if lead else ""}, ""
        case "extend":
            return "timer", _("事情复杂，延长 %(days)s 个工作日。") % {"days": entry.data["days"]}, text(entry.seq, "why")
        case "pause":
            return "timer", _("暂停办理，到%(day)s再接着办。") % {"day": short_day(entry.data["until"])}, text(entry.seq, "why")
        case "refuse":
            return "s-resolved", _("这件事不在受理范围。"), text(entry.seq, "turn_to")
        case "transfer":
            return "s-resolved", _("移送给%(whom)s处理。") % {"whom": entry.data["to_whom"]}, ""
        case "resolve":
            return "s-resolved", _("公安机关已依法处理。") if entry.seq in dossier.told else _outcome(entry.data["result"]), ""
        case "echo":
            on_top = entry.seq == dossier.state.echo_seq and dossier.state.stage in {Stage.ECHOED, Stage.CLOSED}
            return "s-echoed", _("给您回音。"), "" if on_top else text(entry.seq, "reply")
        case "uphold":
            return "scale", _("县里维持答复。"), " ".join((text(entry.seq, "why"), text(entry.seq, "turn_to")))
    return None


def _handled(entry: ledger.Entry, dossier: Dossier, by: str) -> Said | None:
    """What was done about it on the spot."""
    match entry.action:
        case "dissuade":
            return "hand", _(_PERSUADED.get(entry.data.get("method", ""), gettext_noop("%(by)s劝说。"))) % {"by": by}, ""
        case "recheck" if entry.data.get("state") == "stopped":
            return "check", _("%(by)s复查，已经停止。") % {"by": by}, ""
        case "recheck":
            return "rotate-ccw", _("%(by)s复查，还要继续处理。") % {"by": by}, ""
        case "order" if dossier.state.orders.get(entry.seq) and dossier.state.orders[entry.seq].counted:
            return "file-text", _("%(by)s责令改正，限%(day)s前改好。") % {"by": by, "day": short_day(entry.data["due"])}, ""
        case "comply":
            said = _("已经改好。") if entry.data.get("corrected") == "yes" else _("还没有改好。")
            return "check", _("%(by)s检查：") % {"by": by} + said, ""
        case "help" if entry.seq in dossier.told:
            return "handshake", _("公安机关已依法处理。"), ""
        case "help":
            return "handshake", _("%(by)s来配合，办了自己那一份。") % {"by": by}, ""
        case "mediate":
            outcome = {"agreed": _("双方谈成了。"), "failed": _("没有谈成。"), "refused": _("有一方不愿意调解。")}
            return "handshake", _("%(by)s做了调解。") % {"by": by} + outcome.get(entry.data.get("outcome", ""), ""), ""
    return None


#: Acts of 三查 that a reporter is told of, without who it was and how much.
_INQUIRY = frozenset({"open_file", "decide", "spot_penalty", "seize", "enforce", "court"})


def _inquired(entry: ledger.Entry) -> str:
    match entry.action:
        case "open_file":
            return _("立案调查。") if entry.data.get("filing") == "yes" else _("查过了，依法不立案。")
        case "decide" if entry.data["decision"] == "penalty":
            return _("依法作出了处罚决定。")
        case "decide" if entry.data["decision"] == "removal":
            return _("责令限期拆除。")
        case "decide":
            return _("依法决定不予处罚。")
        case "spot_penalty":
            return _("依法当场作了处罚。")
        case "seize":
            return _("依法采取了查封、扣押等措施。")
        case "enforce":
            return _("依法强制执行了。")
        case "court":
            return _("向法院申请了强制执行。")
    return ""


def _outcome(result: str) -> str:
    said = {
        Outcome.STOPPED: _("办结：劝说以后已经停止。"),
        Outcome.CORRECTED: _("办结：已经改正。"),
        Outcome.PUNISHED: _("办结：已依法作出处理。"),
        Outcome.COORDINATED: _("办结：已经协调好。"),
        Outcome.DEALT_WITH: _("办结：已经处理。"),
        Outcome.REPAIRED: _("办结：已经修好。"),
        Outcome.NO_MEANS: _("办结：没有谈成或没有法定办法，回音里写了可以找谁。"),
        Outcome.UNFOUNDED: _("办结：去看了，没有发现这个情况。"),
        Outcome.NOT_FOUND: _("办结：没有找到是谁做的。"),
        Outcome.WITHDRAWN: _("办结：反映人撤回。"),
    }
    return said.get(Outcome(result), _("办结。"))
