"""What may not leave the police by an act: words that would tell, photos of sealed records, news to others (治安管理处罚法 136)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.records.models import Attachment, Case
from huiyin.rules import ledger, sealing
from huiyin.rules.workflow.acts import Act, Context, Refusal
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import cases as seen

#: Acts whose words go out to residents, firms or whoever has the case next.
OUTWARD = frozenset(
    {
        "echo",
        "ask",
        "extend",
        "pause",
        "refuse",
        "uphold",
        "ask_dissuade",
        "urge",
        "request_help",
        "decline",
        "transfer",
        "correct",
    }
)


def check(state: ledger.State, context: Context, asked: Act, clean: Mapping[str, Any]) -> None:
    """Refuses an act by which something sealed would be told. Raises Refused."""
    ours = asked.posting is not None and seen.knows_all(_body(asked))
    if (
        asked.posting is not None
        and asked.data.get("of")
        and seen.known_to(_body(asked), state, context).entry(asked.data["of"]) is None
    ):
        raise Refused(Refusal(text="没有这一条记录。"))
    if asked.action in OUTWARD and (ours or state.lead in seen.police()) and not _among_themselves(state, context, asked):
        said = (value for name, value in clean.items() if FIELDS[name].kind in {Kind.WORDS, Kind.TEXT})
        if any(sealing.tells(text) for text in said):
            raise Refused(
                Refusal(
                    text="公安机关办理的，这里不说罚没罚、怎么罚，只写“公安机关已依法处理”（治安管理处罚法第一百三十六条）。",
                    rule="MA-15",
                )
            )
    if clean.get("photos"):
        _photos(state, context, clean["photos"])


def _body(asked: Act) -> frozenset[int]:
    return frozenset({asked.posting.body}) if asked.posting is not None and asked.posting.body is not None else frozenset()


def _among_themselves(state: ledger.State, context: Context, asked: Act) -> bool:
    """A correction of what only the police read."""
    known = seen.known_to((), state, context)
    return asked.action == "correct" and (asked.data.get("of") in _hidden(state, known))


def _hidden(state: ledger.State, known: ledger.State) -> set[int]:
    if known is state:
        return set()
    told = {entry.seq: entry for entry in known.entries}
    return {entry.seq for entry in state.entries if told.get(entry.seq) != entry}


def _photos(state: ledger.State, context: Context, photos: Any) -> None:
    """A photo that is given to a firm or to reporters does not belong to a sealed record."""
    hidden = _hidden(state, seen.known_to((), state, context))
    if hidden and Attachment.objects.filter(pk__in=list(photos), case=state.case, seq__in=hidden).exists():
        raise Refused(Refusal(text="这张照片属于应当封存的记录，不能给别人看（治安管理处罚法第一百三十六条）。", rule="MA-15"))


def is_sealed(asked: Act) -> bool:
    """Whether only the police may know that this act was done."""
    return asked.posting is not None and seen.knows_all(_body(asked)) and asked.action in sealing.HIDDEN


def told_to_the_lead(case: Case, asked: Act) -> bool:
    """Whether the body in charge may know that this act was done: not what the police did in another department's case."""
    return not is_sealed(asked) or case.lead_id in seen.police()
