"""Differences between two versions of a list in words: all of them for the desk, for the public without what only helps the machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huiyin.rules import lists as rules

KINDS = {"added": gettext_lazy("新增"), "removed": gettext_lazy("去掉"), "changed": gettext_lazy("改了")}
#: Texts by which messages are recognised: the public is told how many, not each.
COUNTED = frozenset({"phrases", "keywords"})
KEPT_INSIDE = frozenset({"notes"})

Field = tuple[str, tuple[str, ...]]
Told = tuple[rules.Difference, str, list[tuple[str, rules.Change]]]


def told(found: Iterable[rules.Difference]) -> list[Told]:
    """(difference, its kind, its fields by their names)."""
    return [(one, str(KINDS[one.kind]), [(_(rules.LABELS[change.field]), change) for change in one.changes]) for one in found]


def whole(matter: rules.Matter, names: Mapping[str, str]) -> tuple[list[Field], list[Field]]:
    """An item in words, field by field: what it says, and the many texts by which messages are recognised. Its clauses stand apart."""
    fields = rules.in_words(matter, names)
    said = [(_(rules.LABELS[name]), parts) for name, parts in fields if name not in COUNTED]
    return said, [(_(rules.LABELS[name]), parts) for name, parts in fields if name in COUNTED]


def for_everybody(found: Iterable[rules.Difference]) -> list[Told]:
    """The same for residents. A new item says what it is and who leads; an item of which only notes changed is left out."""
    shown = []
    for one, kind, changes in told(found):
        public = [(label, _counted(change)) for label, change in changes if change.field not in KEPT_INSIDE]
        if one.kind == "added":
            public = [(label, change) for label, change in public if change.field in {"plain", "lead", "cooperating"}]
        if public or one.kind == "removed":
            shown.append((one, kind, public))
    return shown


def _counted(change: rules.Change) -> rules.Change:
    if change.field not in COUNTED:
        return change
    gone, come = len(change.gone), len(change.come)
    return rules.Change(
        field=change.field,
        gone=(ngettext("去掉 %(n)d 句", "去掉 %(n)d 句", gone) % {"n": gone},) if gone else (),
        come=(ngettext("加了 %(n)d 句", "加了 %(n)d 句", come) % {"n": come},) if come else (),
    )
