"""First values of the forms of 三查: what is on record already is not typed again. Everything can be changed before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from huiyin.rules import terms
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.investigation import Decision, File
from huiyin.rules.workflow.inquiry.measures import PRESERVE_WORKDAYS, SEIZURE_DAYS
from huiyin.rules.workflow.procedure import is_performed
from huiyin.selectors import places
from huiyin.selectors.cases import police

if TYPE_CHECKING:
    from huiyin.web.forms.desk import Asking

LOOKED = timedelta(minutes=30)  # about how long one looks around
WITH_BASIS = frozenset({"advance_notice", "decide", "spot_penalty", "open_file"})


def of(asking: Asking) -> dict[str, Any]:
    """First values by field name for the act that is asked."""
    found: dict[str, Any] = dict(_shared(asking))
    own = _BY_ACT.get(asking.row.action)
    if own is not None:
        found |= own(asking)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _shared(asking: Asking) -> Iterable[tuple[str, Any]]:
    """What several acts ask alike: the party and the clause of the own file, who signed before, today."""
    file, state = _file(asking), asking.dossier.state
    parties = list(asking.dossier.parties)
    yield "party", (file.party if file else None) or (parties[-1] if parties else None)
    if asking.row.action in WITH_BASIS:
        yield "basis", _basis(asking, file)
    if not ("alone" in asking.row.may and asking.actor.bodies & police()):  # who may act alone says so, or names the second
        yield "second", _second(asking, file)
    for name in ("served_on", "delivered_on", "done_on"):
        yield name, asking.day
    if asking.row.action in {"inspect", "interview", "enforce"}:
        yield "began", asking.at.astimezone(SHANGHAI) - LOOKED
        yield "where", _where(asking)
    if state.inquiry.decisions:
        yield "of", next((made.seq for made in _standing(asking)), None)


def _file(asking: Asking) -> File | None:
    return next((file for file in asking.dossier.state.inquiry.open_files if file.body in asking.actor.bodies), None)


def _standing(asking: Asking) -> list[Decision]:
    """Decisions of the own body that stand, what is still to be done about first, the newest before older ones."""
    mine = [made for made in asking.dossier.state.decisions if made.body in asking.actor.bodies]
    over: Callable[[Decision], bool] = (lambda made: bool(made.served)) if asking.row.action == "serve" else is_performed
    return sorted(mine, key=lambda made: (over(made), -made.seq))


def _basis(asking: Asking, file: File | None) -> int | None:
    if asking.row.action == "spot_penalty" or file is None:
        return next((order.basis for order in reversed(list(asking.dossier.state.orders.values())) if not order.withdrawn), None)
    return file.notice.basis if file.notice else file.basis


def _second(asking: Asking, file: File | None) -> int | None:
    """Who stood beside the actor before, if their badge is good still (the control lists nobody else)."""
    others = sorted((file.officers if file else frozenset()) - {asking.actor.person})
    if others:
        return others[0]
    for entry in reversed(asking.dossier.state.entries):
        hands = {asking.dossier.context.person(entry), entry.data.get("second")}
        if entry.data.get("second") and asking.actor.person in hands:
            return next((person for person in hands if person not in {None, asking.actor.person}), None)
    return None


def _where(asking: Asking) -> str:
    case = asking.dossier.case
    return " ".join(filter(None, (case.compound.name if case.compound else "", case.building)))


def _said(asking: Asking, *acts: str, key: str) -> str:
    """The newest words of that kind that the own body wrote."""
    for entry in reversed(asking.dossier.state.did(*acts)):
        if asking.dossier.context.body(entry) in asking.actor.bodies and (text := asking.dossier.text(entry.seq, key)):
            return text
    return ""


def _after(asking: Asking, workdays: int) -> date:
    return terms.workdays_after(asking.day, workdays, places.calendar())


# ── by act ───────────────────────────────────────────────────────────────────────────────────


def _open_file(asking: Asking) -> Mapping[str, Any]:
    seen = asking.dossier.state.attended or asking.at
    return {"offence_on": seen.astimezone(SHANGHAI).date(), "suspected": _said(asking, "attend", "inspect", key="found")}


def _spot_penalty(asking: Asking) -> Mapping[str, Any]:
    return {"offence_on": asking.day, "suspected": _said(asking, "attend", "inspect", "comply", "recheck", key="found")}


def _advance_notice(asking: Asking) -> Mapping[str, Any]:
    file = _file(asking)
    return {
        "suspected": asking.dossier.text(file.seq, "suspected") if file else "",
        "due": _after(asking, terms.HEARING_WORKDAYS),
    }


def _decide(asking: Asking) -> Mapping[str, Any]:
    file = _file(asking)
    notice = file.notice if file else None
    if notice is None:
        return {"circumstances": ["none"]}
    entry = asking.dossier.state.entry(notice.seq)
    return {
        "decision": "penalty",
        "penalties": list(notice.penalties),
        "amount": notice.amount or None,
        "reasons": asking.dossier.text(notice.seq, "reasons"),
        "mitigation": entry.data.get("mitigation") if entry else None,
        "value": entry.data.get("value") if entry else None,
    }


def _demand(asking: Asking) -> Mapping[str, Any]:
    made = next(iter(_standing(asking)), None)
    left = made.amount - made.paid if made else 0
    owed = [f"缴纳罚款 {left:,} 元"] if left > 0 else []
    if made is not None and made.removal:
        owed.append("自行拆除")
    return {"due": _after(asking, terms.COURT_AFTER_WORKDAYS), "demanded": "；".join(owed)}


def _perform(asking: Asking) -> Mapping[str, Any]:
    made = next(iter(_standing(asking)), None)
    return {"performed": "all", "paid": made.amount - made.paid if made and made.amount > made.paid else None}


def _close_file(asking: Asking) -> Mapping[str, Any]:
    file = _file(asking)
    made = asking.dossier.state.inquiry.decisions.get(file.decision or 0) if file else None
    if made is None:
        return {"closing": "dropped"}
    if made.court is not None:
        return {"closing": "court"}
    return {"closing": "performed" if made.punishes else "not_punished"}


def _preserve(asking: Asking) -> Mapping[str, Any]:
    return {"until": _after(asking, PRESERVE_WORKDAYS)}


def _seize(asking: Asking) -> Mapping[str, Any]:
    return {"until": asking.day + timedelta(days=SEIZURE_DAYS)}


def _hold_hearing(asking: Asking) -> Mapping[str, Any]:
    return {"held_on": asking.day}


def _announce(asking: Asking) -> Mapping[str, Any]:
    return {"due": _after(asking, terms.COURT_AFTER_WORKDAYS)}


_BY_ACT: Mapping[str, Callable[[Any], Mapping[str, Any]]] = {
    "open_file": _open_file,
    "spot_penalty": _spot_penalty,
    "advance_notice": _advance_notice,
    "decide": _decide,
    "demand": _demand,
    "perform": _perform,
    "close_file": _close_file,
    "preserve": _preserve,
    "seize": _seize,
    "hold_hearing": _hold_hearing,
    "announce": _announce,
}
