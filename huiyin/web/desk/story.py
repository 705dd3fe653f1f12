"""The ledger of a case told to staff: each entry as a line with act, who, when, what was given, words and photos."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules import sealing
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.documents.kinds import KINDS
from huiyin.rules.ledger import Entry, State, is_doubtful
from huiyin.rules.workflow.fields import FIELDS, Field, Kind
from huiyin.rules.workflow.table import ACTIONS, is_fact, label
from huiyin.rules.workflow.vocabulary import CHANNELS, OUTCOME_LABELS, Role, Stage
from huiyin.selectors import lists, places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor
from huiyin.web import wording

RECEIVED_LATER = timedelta(minutes=5)

#: Symbols of acts; everything else is a pen.
SIGNS = {
    "report": "s-reported",
    "join": "users",
    "supplement": "message-circle-plus",
    "ask": "circle-help",
    "retract": "undo-2",
    "merge": "git-merge",
    "absorb": "git-merge",
    "split": "split",
    "assign": "s-assigned",
    "ask_dissuade": "hand",
    "refuse": "ban",
    "accept": "s-handling",
    "entrust": "user-plus",
    "decline": "undo-2",
    "reassign": "route",
    "settle": "scale",
    "reclassify": "list-checks",
    "attend": "footprints",
    "dissuade": "hand",
    "urge": "mail",
    "property_reply": "building-2",
    "recheck": "rotate-ccw",
    "request_help": "handshake",
    "help": "handshake",
    "recall_help": "undo-2",
    "coordinate": "users",
    "mediate": "users",
    "extend": "timer",
    "pause": "pause",
    "resume": "clock",
    "name_party": "user",
    "propose": "send",
    "approve": "check",
    "open_file": "book-open",
    "inspect": "search",
    "interview": "message-square-text",
    "test": "chart-line",
    "preserve": "inbox",
    "advance_notice": "mail",
    "hear": "message-square-text",
    "hold_hearing": "users",
    "review": "check",
    "deliberate": "users",
    "decide": "gavel",
    "spot_penalty": "gavel",
    "serve": "send",
    "seize": "lock",
    "lift": "rotate-ccw",
    "demand": "mail",
    "announce": "megaphone",
    "enforce": "hand",
    "perform": "check",
    "court": "landmark",
    "close_file": "s-closed",
    "publish": "eye",
    "unpublish": "eye-off",
    "order": "file-text",
    "countersign": "pen-line",
    "comply": "check",
    "recuse": "minus",
    "transfer": "send",
    "resolve": "s-resolved",
    "echo": "s-echoed",
    "deliver": "mail",
    "call": "phone",
    "feedback": "thumbs-up",
    "dispute": "thumbs-down",
    "uphold": "gavel",
    "reopen": "rotate-ccw",
    "close": "s-closed",
    "note": "message-square-text",
    "document": "file-text",
    "sample": "search",
    "disclose": "eye",
    "reissue": "key-round",
    "mask": "eye-off",
    "expire": "eye-off",
    "correct": "pen-line",
}
#: Fields whose value stands in the headline, after the act's name.
HEADLINES = {
    "recheck": "state",
    "comply": "corrected",
    "resolve": "result",
    "feedback": "satisfied",
    "countersign": "yes",
    "approve": "yes",
    "decide": "decision",
    "review": "passed",
    "perform": "performed",
    "call": "reached",
}
#: A bare 是 or 否 says nothing without its question: what such an answer is called in the headline.
ANSWERED = {
    "yes": {"yes": gettext_lazy("同意"), "no": gettext_lazy("不同意")},
    "passed": {"yes": gettext_lazy("通过"), "no": gettext_lazy("不通过")},
    "corrected": {"yes": gettext_lazy("已改正"), "no": gettext_lazy("没有改正")},
    "reached": {"yes": gettext_lazy("打通了"), "no": gettext_lazy("没有打通")},
}
#: Words that are heard from residents stand in quotation marks.
QUOTED = frozenset({"report", "join", "supplement", "feedback", "dispute"})
#: What is said only among those who see the whole case.
ASKING = frozenset({"assign", "ask_dissuade", "urge", "request_help"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of an entry. `struck`: corrected since. `masked`: taken out."""

    text: str
    name: str = ""
    quoted: bool = False
    struck: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as it is shown."""

    seq: int
    action: str
    sign: str
    title: str
    who: str
    at: datetime
    received: datetime | None = None  # when it reached us, where that was later than it happened
    late: bool = False
    doubtful: bool = False
    pending: bool = False
    unapproved: bool = False
    rejected: bool = False
    facts: Sequence[tuple[str, str]] = ()
    words: Sequence[Said] = ()
    photos: Sequence[Any] = ()
    corrections: Sequence[int] = ()


def told(dossier: Dossier, actor: Actor, sight: str) -> list[Line]:
    """All lines the actor may read, newest first. `sight` as selectors.cases says; the dossier holds nothing that is sealed from them."""
    corrected = _corrections(dossier.state)
    rows, stage = [], Stage.REPORTED
    for entry in dossier.state.entries:
        regular = any(stage in row.at for row in ACTIONS.get(entry.action, ())) or not ACTIONS.get(entry.action)
        late = entry.seq > 1 and entry.action in ACTIONS and is_fact(entry.action) and not regular
        stage = entry.to or stage
        if _readable(dossier, entry, actor, sight) and entry.data.get("step") != "kept":
            rows.append(_line(dossier, entry, sight, late, corrected))
    if dossier.steps and sight == "full":
        rows = sorted([*rows, *(_step(dossier, entry) for entry in dossier.steps)], key=lambda line: line.at)
    return rows[::-1]


def _step(dossier: Dossier, entry: Entry) -> Line:
    """An act of the police as oversight sees it: that it was done, when, and that its guards held; neither to whom nor with what result."""
    view = dossier.who(entry)
    return Line(
        seq=0,
        action="",
        sign="shield",
        title=_(label(entry.action)) if entry.action in sealing.NAMED_STEPS else _("公安机关办案的一步"),
        who=view.body_name if view else "",
        at=entry.happened,
        facts=[(_("程序"), _("记入时，人员、期限、前提都已核对"))],
        words=[Said(text=_("记录封存（治安管理处罚法第一百三十六条）"))],
    )


def _readable(dossier: Dossier, entry: Entry, actor: Actor, sight: str) -> bool:
    """The whole, a leader's bare acts, or only what one's own body did or was asked."""
    if sight in {"full", "bare"}:
        return True
    own = dossier.context.body(entry) in actor.bodies or dossier.context.person(entry) == actor.person
    return own or (entry.action in ASKING and _asks(entry) & actor.bodies != frozenset())


def _asks(entry: Entry) -> frozenset[int]:
    return frozenset(body for body in (entry.data.get("body"), entry.data.get("lead")) if isinstance(body, int))


def _corrections(state: State) -> Mapping[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for entry in state.did("correct"):
        found.setdefault(entry.data["of"], []).append(entry)
    return found


def _line(dossier: Dossier, entry: Entry, sight: str, late: bool, corrected: Mapping[int, list[Entry]]) -> Line:
    hidden = entry.seq in dossier.told
    fixes = corrected.get(entry.seq, [])
    claimed = entry.claimed_at
    line = Line(
        seq=dossier.number(entry.seq),
        action=entry.action,
        sign=SIGNS.get(entry.action, "pen-line"),
        title=_title(dossier, entry, hidden),
        who=_who(dossier, entry, sight),
        at=entry.happened,
        received=entry.at if claimed is not None and entry.at - entry.happened > RECEIVED_LATER else None,
        late=late,
        doubtful=is_doubtful(claimed, entry.at),
        pending=entry.seq in dossier.state.pending,
        unapproved=entry.seq in dossier.state.unapproved,
        rejected=entry.seq in dossier.state.rejected,
        corrections=[dossier.number(fix.seq) for fix in fixes],
    )
    if hidden:
        return replace(line, words=[Said(text=_("公安机关已依法处理"))])
    if sight == "bare":
        return line
    struck = any(fix.data.get("fact") == "words" for fix in fixes)
    facts = facts_of(dossier, entry)
    if sight == "full":
        return replace(line, facts=facts, words=_said(dossier, entry, struck), photos=dossier.attachments.get(entry.seq, ()))
    if _theirs(dossier, entry):
        return replace(line, facts=facts, words=_said(dossier, entry, struck), photos=dossier.attachments.get(entry.seq, ()))
    released = [Said(text=dossier.text(entry.seq, "release"))] if dossier.text(entry.seq, "release") else []
    due = [fact for fact in facts if fact[0] in {_(FIELDS["due"].label), _(FIELDS["duty"].label)}]
    return replace(line, who="", facts=due, words=released)


def _theirs(dossier: Dossier, entry: Entry) -> bool:
    """Whether the words of this entry are the reader's body's own, rather than what it was asked."""
    return entry.action not in ASKING


def _title(dossier: Dossier, entry: Entry, hidden: bool) -> str:
    name = _(label(entry.action))
    if entry.action == "disclose" and entry.data.get("for") == "call":
        return _("为回访看了电话")
    if hidden:
        return name
    if entry.action == "document":
        return _document(entry)
    if entry.action == "deliver":
        return _("回音已送到") if entry.data.get("outcome") == "delivered" else _("回音没送到")
    if entry.action == "assign" and entry.data.get("lead"):
        return f"{name} → {body_name(entry.data['lead'])}"
    key = HEADLINES.get(entry.action)
    if key is None or FIELDS[key].key not in entry.data:
        return name
    value = entry.data[FIELDS[key].key]
    said = ANSWERED.get(key, {}).get(value)
    return name + _("：") + (str(said) if said else _choice(FIELDS[key], value))


#: What is done with a document, and how it is told.
DOCUMENT_STEPS = {
    "issued": gettext_lazy("%(title)s 已定稿"),
    "signed": gettext_lazy("%(title)s 有人签名"),
    "void": gettext_lazy("%(title)s 作废"),
}


def _document(entry: Entry) -> str:
    kind = KINDS.get(entry.data.get("kind", ""))
    said = DOCUMENT_STEPS.get(entry.data.get("step", ""))
    return str(said) % {"title": _(kind.title)} if kind and said else _(label("document"))


def _who(dossier: Dossier, entry: Entry, sight: str) -> str:
    """Body and name for staff, the channel for a resident, never a reporter's name."""
    view = dossier.who(entry)
    if view is not None:
        return view.body_name if sight == "bare" else " ".join(filter(None, (view.body_name, view.name)))
    if entry.report is None:
        return _("系统")
    number = list(dossier.state.reports).index(entry.report) + 1 if entry.report in dossier.state.reports else 0
    who = _("居民，第 %(n)d 户") % {"n": number} if number > 1 else _("居民")
    channel = dict(CHANNELS).get(entry.data.get("channel", ""), "")
    return wording.listed((who, _(channel) if channel else ""), "，")


def _said(dossier: Dossier, entry: Entry, struck: bool) -> list[Said]:
    kept = dossier.words.get(entry.seq, {})
    many = len([key for key in kept if key not in {"place", "asked_by"}]) > 1
    return [
        Said(
            text=row.text or "",
            name=_word_name(key) if many or key in {"place", "turn_to", "asked_by", "release"} else "",
            quoted=entry.action in QUOTED and key == "words",
            struck=struck,
            masked=row.masked_at is not None,
        )
        for key, row in kept.items()
    ]


def _word_name(key: str) -> str:
    plain = key.partition("@")[0]
    if plain == "place":
        return _("地点")
    if plain == "words" and key != plain:
        return _("原话")
    found = next((one for one in FIELDS.values() if one.key == plain), None)
    return _(found.label) if found else ""


# ── what was given ───────────────────────────────────────────────────────────────────────────


def facts_of(dossier: Dossier, entry: Entry) -> list[tuple[str, str]]:
    """(label, value) of everything in the entry that is no words and not in the headline already."""
    names = dict.fromkeys(name for row in ACTIONS.get(entry.action, ()) for name in (*row.needs, *row.may))
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        one = FIELDS[name]
        shown = _VALUES.get(one.kind)
        value = entry.data.get(one.key)
        if shown is None or value in (None, "", []) or one.key in found or HEADLINES.get(entry.action) == name:
            continue
        if entry.action == "assign" and name == "lead":
            continue
        text = shown(dossier, one, value)
        if text:
            found[one.key] = (_(one.label), text)
    if entry.action == "extend" and "days" in found:
        found["days"] = (_("延期"), wording.workdays(int(entry.data["days"])))
    if entry.action in {"report", "split"} and entry.data.get("item"):
        found["item"] = (_("反映人选的"), item_name(entry.data["item"], entry.at.astimezone(SHANGHAI).date()))
    return list(found.values())


def _choice(one: Field, value: Any) -> str:
    if one.name == "result":
        return _({outcome.value: text for outcome, text in OUTCOME_LABELS.items()}.get(value, str(value)))
    return _(dict(one.choices).get(value, str(value)))


def body_name(pk: int) -> str:
    body = places.bodies().get(pk)
    return body.name if body else ""


def item_name(code: str, day: date) -> str:
    item = lists.find(code, day)
    if item is None:
        return code
    return f"{code} {item.name_en if wording.english() and item.name_en else item.name}"


def person_name(dossier: Dossier, person: int) -> str:
    return next((view.name for view in dossier.postings.values() if view.person == person), "")


def _names(names: list[str]) -> str:
    return wording.listed(names)


def _report_name(dossier: Dossier, one: Field, value: Any) -> str:
    known = list(dossier.state.reports)
    return _("第 %(n)d 条") % {"n": known.index(value) + 1} if value in known and len(known) > 1 else ""


_VALUES: dict[Kind, Callable[[Dossier, Field, Any], str]] = {
    Kind.CODE: lambda dossier, one, value: _choice(one, value),
    Kind.DATE: lambda dossier, one, value: wording.day(date.fromisoformat(value)),
    Kind.TEXT: lambda dossier, one, value: str(value),
    Kind.ITEM: lambda dossier, one, value: item_name(value, dossier.state.at.astimezone(SHANGHAI).date()),
    Kind.BODY: lambda dossier, one, value: body_name(value),
    Kind.FIRM: lambda dossier, one, value: body_name(value),
    Kind.BODIES: lambda dossier, one, value: _names([body_name(pk) for pk in value]),
    Kind.PERSON: lambda dossier, one, value: person_name(dossier, value),
    Kind.PERSONS: lambda dossier, one, value: _names([person_name(dossier, pk) for pk in value]),
    Kind.OFFICER: lambda dossier, one, value: person_name(dossier, value),
    Kind.ENTRY: lambda dossier, one, value: _("第 %(n)d 条") % {"n": dossier.number(value)},
    Kind.REPORT: _report_name,
    Kind.CASE: lambda dossier, one, value: str(value),
    Kind.DAYS: lambda dossier, one, value: wording.workdays(int(value)),
    Kind.BASIS: lambda dossier, one, value: dossier.context.bases[value].label if value in dossier.context.bases else "",
    Kind.CODES: lambda dossier, one, value: _names([_choice(one, code) for code in value]),
    Kind.MONEY: lambda dossier, one, value: _("%(sum)s 元") % {"sum": value},
    Kind.MOMENT: lambda dossier, one, value: wording.moment(datetime.fromisoformat(value)),
    Kind.BASES: lambda dossier, one, value: _names(
        [dossier.context.bases[pk].label for pk in value if pk in dossier.context.bases]
    ),
    Kind.COMPOUND: lambda dossier, one, value: places.compounds()[value].name if value in places.compounds() else "",
}


__all__ = ["Line", "Role", "Said", "told"]
