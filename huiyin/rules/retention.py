"""How long what residents said and left is kept after a case was filed, by how it ended. A county sets its own days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.rules.workflow.vocabulary import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """One class. what: what goes (`contact`, `content`). days: the project's proposal, None where nothing goes by itself; least: the
    fewest a county may set, so that a slip of the pen erases nothing that is still needed."""

    code: str
    label: str
    what: str
    days: int | None
    least: int = 0
    note: str = ""

    @property
    def fixed(self) -> bool:
        """Never by itself, whatever a county sets."""
        return self.least == 0


CONTACT, PERSUADED, ORDERED, OTHER, FILED = "contact", "persuaded", "ordered", "other", "filed"

#: 个人信息保护法 19: no longer than the purpose needs. The statute names no number of days; these are the project's proposals.
CLASSES: Mapping[str, Keeping] = {
    one.code: one
    for one in (
        Keeping(
            code=CONTACT,
            label="没有立案的：反映人的姓名和联系方式",
            what="contact",
            days=180,
            least=30,
            note="归档后还可能要回访，所以留半年。",
        ),
        Keeping(
            code=PERSUADED,
            label="劝导了结的：说的话、照片、文书",
            what="content",
            days=730,
            least=180,
            note="留两年，看会不会再犯。",
        ),
        Keeping(
            code=OTHER,
            label="协调、不属实、撤回、不予受理的：说的话、照片、文书",
            what="content",
            days=730,
            least=180,
            note="和劝导的一样。",
        ),
        Keeping(
            code=ORDERED,
            label="责令改正、没有立案的：说的话、照片、文书",
            what="content",
            days=None,
            least=180,
            note="本县定了天数才清除。",
        ),
        Keeping(code=FILED, label="立了案、处罚或强制过的", what="content", days=None, note="按档案规定保管，从不自动清除。"),
    )
}


def class_of(*, tier: str, filed: bool, outcome: str) -> str:
    """The class of a case's content."""
    if filed or tier == Tier.COERCED or outcome == "punished":
        return FILED
    return {Tier.PERSUADED: PERSUADED, Tier.ORDERED: ORDERED}.get(Tier(tier), OTHER)


def before(days: int, at: datetime) -> datetime:
    """Cases that were filed before this moment have been kept long enough."""
    return at - timedelta(days=days)


def may_set(code: str, days: int | None) -> bool:
    """Whether a county may keep a class for so many days (None: for ever)."""
    known = CLASSES.get(code)
    return known is not None and not known.fixed and (days is None or known.least <= days <= 36_500)
