"""What others than the police may know of what the police did on a case (治安管理处罚法 136): the one rule that every page, list and guard asks.

A record of an offence against public order is sealed. Whether and how somebody was punished must not show, nor may silence tell it, so others
get the case as if the police's acts of 三查 had never been written; what ends the police's part says one sentence, punished or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.vocabulary import Outcome, Tier

#: What others are told, punished or not.
SENTENCE = "公安机关已依法处理"

#: Acts of the police that nobody else is told of.
HIDDEN = frozenset(
    {
        "order", "comply", "countersign", "name_party", "propose", "approve", "open_file", "close_file", "inspect", "interview", "test",
        "preserve", "advance_notice", "hear", "hold_hearing", "review", "deliberate", "decide", "spot_penalty", "serve", "seize", "lift",
        "demand", "announce", "enforce", "perform", "court", "publish", "unpublish", "note", "document",
    }
)  # fmt: skip
#: Acts that end the police's part: others see that and when, and SENTENCE.
TOLD = frozenset({"resolve", "help", "transfer"})
#: Acts that others see without the words and photos, in which the police may write what became of it.
WORDLESS = frozenset({"recheck", "mediate", "coordinate"})
#: Acts whose words, written by the police, are for the police alone; `correct` with them, as it may correct any of them.
WORDS_SEALED = HIDDEN | TOLD | WORDLESS | {"correct"}

#: What oversight sees happen, without person and outcome: acts that come whether somebody is punished or not.
STEPS = frozenset(
    {
        "order",
        "open_file",
        "inspect",
        "interview",
        "test",
        "preserve",
        "seize",
        "lift",
        "decide",
        "spot_penalty",
        "serve",
        "close_file",
    }
)
#: Those of them that are called by their name; the others share one, as 当场处罚 would tell what came of it.
NAMED_STEPS = frozenset({"inspect", "interview", "test", "preserve"})

#: Words by which a reply would tell whether or how somebody was punished. 没有处罚 tells as much as 处罚.
_TELLS = re.compile(
    r"罚|拘留|警告|吊销|没收|暂扣|收缴|立案|撤案|查封|扣押|强制措施|案底|违法记录|"
    r"\b(?:fine[sd]?|penalt\w*|punish\w*|detain\w*|detention|arrest\w*|warned|warning)\b",
    re.IGNORECASE,
)

#: What may be said: the sentence, and the names of laws.
_MAY_BE_SAID = re.compile(rf"{SENTENCE}|(?:治安管理|行政)处罚法")

ByPolice = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A case's entries as others may know them. `told`: those that say SENTENCE and nothing else. `wordless`: those whose words and photos
    are left out. `steps`: hidden ones that oversight may see happen (when and by the police, nothing of their content)."""

    entries: tuple[Entry, ...]
    told: frozenset[int] = frozenset()
    wordless: frozenset[int] = frozenset()
    steps: tuple[Entry, ...] = field(default=())


def as_others_know(entries: Iterable[Entry], by_police: ByPolice) -> Known:
    """The entries for everybody but the police, in order, under their own numbers (there are gaps where something is hidden).

    by_police: whether somebody of the police wrote an entry, in whichever case: it led, or helped another department. An entry that answers
    a hidden one (会签, 审批, 更正, 遮蔽) is hidden with it, whoever wrote it.
    """
    kept: list[Entry] = []
    hidden: list[Entry] = []
    told: set[int] = set()
    wordless: set[int] = set()
    gone: set[int] = set()
    for entry in entries:
        mine = by_police(entry)
        if entry.data.get("of") in gone or (mine and entry.action in HIDDEN):
            gone.add(entry.seq)
            hidden.append(entry)
        elif mine and _ends(entry):
            gone.add(entry.seq)
            told.add(entry.seq)
            kept.append(_bare(entry))
        else:
            kept.append(entry)
            if mine and entry.action in WORDLESS:
                wordless.add(entry.seq)
    return Known(
        entries=tuple(kept),
        told=frozenset(told),
        wordless=frozenset(wordless),
        steps=tuple(entry for entry in hidden if entry.action in STEPS),
    )


def _ends(entry: Entry) -> bool:
    """Another county's matter is handed on openly: nobody was dealt with here."""
    return entry.action in TOLD and entry.data.get("kind") != "other_county"


def _bare(entry: Entry) -> Entry:
    """That the police's part is over, and nothing of how: a file handed to the prosecutor reads as one that was settled."""
    if entry.action == "help":
        return replace(entry, data={"of": entry.data["of"]})
    return replace(entry, action="resolve", tier=Tier.NONE, data={"result": Outcome.DEALT_WITH.value})


def tells(text: str) -> bool:
    """Whether words that leave the police would say whether or how somebody was punished."""
    return bool(_TELLS.search(_MAY_BE_SAID.sub("", text)))
