"""Collects every text that is translated, keeps the English catalogue sorted and complete in its entries, and compiles it.

    python -m tools.messages           renew django.po from the sources, compile it, name what has no English yet
    python -m tools.messages --check   change nothing, only say what is wrong

It needs polib and no gettext programs.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

from huiyin.rules import cautions, echo, evidence, files, lists, texts
from huiyin.rules.documents import kinds
from huiyin.rules.workflow import fields, table, vocabulary

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "huiyin"
CATALOGUE = PACKAGE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"

HEADER = {
    "Project-Id-Version": "huiyin",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

CHINESE = re.compile("[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ 0-9.]*[a-zA-Z]|%%|%[sd]|\{\w+\}")
#: Name of the call → at which places stand context, singular and plural.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
#: Runs alone, without a catalogue: it says everything in both languages.
BILINGUAL = {PACKAGE / "web" / "portal" / "huiyin_proof.py"}
#: Calls whose Chinese literals are shown to people, translated: why an act is refused.
REFUSALS = {"Refusal", "because", "Problem", "Wrong", "say", "Keeping", "NotTaken"}
#: Where errors are worded for people and translated by the page that shows them.
WORDED = {"rules", "services", "selectors", "web", "adapters"}


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One entry of the catalogue; plural and context are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What finds the entry in a catalogue."""
        return self.context, self.text


def extracted() -> list[Message]:
    """Every text that the product shows through gettext, sorted, each once. Raises ValueError for a text with two plurals."""
    if not settings.configured:
        settings.configure()
    found = {*from_python(), *from_templates(), *from_rules()}
    kept = {message.key: message for message in sorted(found)}  # a counted text comes after the same without its plural
    doubled = [one for one in found if one.plural and kept[one.key] != one]
    if doubled:
        raise ValueError(f"texts with two plurals: {doubled}")
    return sorted(kept.values())


# ---- Python -----------------------------------------------------------------------------------------------------------


def from_python() -> Iterator[Message]:
    """Literals in calls of gettext, in refusals and raised errors, and in the tables of words that the pages keep."""
    for path in sorted(set(PACKAGE.rglob("*.py")) - BILINGUAL):
        room = path.relative_to(PACKAGE).parts[0]
        tree = ast.parse(path.read_text("utf-8"))
        yield from _calls(tree)
        if room in WORDED:
            yield from _refusals(tree)
        if room == "web":
            yield from _tables(tree)


def _calls(tree: ast.AST) -> Iterator[Message]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _name(call) in CALLS:
            context, text, plural = (_literal(call.args, at) for at in CALLS[_name(call)])
            if text:
                yield Message(text, plural, context)


def _refusals(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in REFUSALS:
            yield from _chinese(node)
        elif isinstance(node, ast.Call) and _name(node) == "Term":
            yield from (message for given in node.keywords if given.arg == "label" for message in _chinese(given.value))
        elif isinstance(node, ast.Raise) and node.exc is not None:
            yield from _chinese(node.exc)


def _tables(tree: ast.Module) -> Iterator[Message]:
    """Chinese values of dictionaries at the top of a module, such as what a notice says."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                yield from _chinese(value)


def _chinese(tree: ast.AST) -> Iterator[Message]:
    """The whole Chinese literals in it; parts of an f-string are none."""
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in pieces
            and CHINESE.search(node.value)
        ):
            yield Message(node.value)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _literal(arguments: list[ast.expr], at: int | None) -> str:
    """The text given at this place, or nothing where it is no plain text."""
    if at is None or at >= len(arguments):
        return ""
    given = arguments[at]
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


# ---- templates --------------------------------------------------------------------------------------------------------

_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.S)


def from_templates() -> Iterator[Message]:
    """What {% translate %}, {% blocktranslate %} and _("…") say in the templates, as Django itself reads them."""
    for path in sorted((PACKAGE / "web" / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from templatized(templatize(path.read_text("utf-8"), origin=path.name))


def templatized(code: str) -> Iterator[Message]:
    """Messages of what templatize made: calls of gettext in a text that is otherwise no Python."""
    for match in _CALL.finditer(code):
        given = [ast.literal_eval(one) if one else "" for one in match.groups()[1:]]
        context, text, plural = ("" if at is None else given[at] for at in CALLS[match[1]])
        if text:
            yield Message(text, plural, context)


# ---- rules ------------------------------------------------------------------------------------------------------------


def from_rules() -> Iterator[Message]:
    """What the rules call things: they know no Django and mark nothing, so their tables are read."""
    return (Message(text) for text in _rule_texts() if text)


def _rule_texts() -> Iterator[str]:
    for value in vars(vocabulary).values():
        yield from _labels(value)
    for field in fields.FIELDS.values():
        yield from (field.label, field.help)
        yield from _labels(field.choices)
    yield from (row.label for row in table.ROWS)
    for value in (
        lists.LABELS,
        lists.TEST_LABELS,
        lists.FIRST_LABELS,
        lists.PLACE_LABELS,
        evidence.FAMILY_LABELS,
        evidence.STEP_LABELS,
        evidence.WHYS,
    ):
        yield from _labels(value)
    for paper in kinds.KINDS.values():
        yield paper.title
        yield from filter(None, (paper.party_is,))
        yield from (slot.name for slot in paper.slots)
    yield from _labels(kinds.SIGNER_LABELS)
    yield from (one.text for one in cautions.CAUTIONS)
    for kind in (texts.BadText, files.BadFile, evidence.BadEvidence):
        yield from kind.messages.values()
    for check in echo.check_reply(""):
        yield check.label
        yield check.hint
    yield from filter(None, (echo.refusal(""), echo.refusal("您反映的问题已收悉，已转交相关部门处理。")))


def _labels(value: object) -> Iterable[str]:
    """The Chinese labels in a dictionary of labels or in pairs of value and label."""
    said: Iterable[object] = ()
    if isinstance(value, dict):
        said = value.values()
    elif isinstance(value, tuple) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        said = (pair[1] for pair in value)
    return [text for text in said if isinstance(text, str) and CHINESE.search(text)]


# ---- catalogue --------------------------------------------------------------------------------------------------------


def placeholders(text: str) -> list[str]:
    """The places in a text that are filled in, sorted: %(name)s, %d, {name}."""
    return sorted(PLACEHOLDER.findall(text))


def read() -> polib.POFile:
    """The catalogue as it is kept; empty when there is none yet."""
    return polib.pofile(str(CATALOGUE), wrapwidth=0) if CATALOGUE.exists() else polib.POFile()


def renewed(old: polib.POFile, messages: Iterable[Message]) -> polib.POFile:
    """The catalogue with exactly these entries in their order, each with the translation that it had."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=0)
    new.metadata = HEADER
    new.extend(_entry(message, known.get(message.key)) for message in messages)
    return new


def _entry(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    said = (old.msgstr or old.msgstr_plural.get(1, "")) if old else ""
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: said, 1: said}
    else:
        entry.msgstr = said
    if "%(" in message.text:
        entry.flags = ["python-format"]
    return entry


def said(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str, str], tuple[str, ...]]:
    """What a catalogue says, by context and text; counted texts with both their forms."""
    return {
        (entry.msgctxt or "", entry.msgid): tuple(form for _, form in sorted(entry.msgstr_plural.items())) or (entry.msgstr,)
        for entry in catalogue
        if entry.msgid
    }


def gaps(catalogue: polib.POFile) -> list[str]:
    """Texts that are not translated, doubtful, or whose placeholders differ from the translation's."""
    return [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy or not _agree(entry)]


def _agree(entry: polib.POEntry) -> bool:
    wanted = placeholders(entry.msgid)
    if not entry.msgid_plural:
        return placeholders(entry.msgstr) == wanted
    return all(placeholders(form) == wanted for form in entry.msgstr_plural.values())


def check() -> list[str]:
    """What is wrong with the catalogue, in words; empty when it is complete and the compiled one is current."""
    kept = read()
    wanted, there = {message.key for message in extracted()}, {(entry.msgctxt or "", entry.msgid) for entry in kept}
    wrong = [f"not in django.po: {text}" for _, text in sorted(wanted - there)]
    wrong += [f"no longer said: {text}" for _, text in sorted(there - wanted)]
    wrong += [f"no good English: {text}" for text in gaps(kept)]
    if said(polib.mofile(str(CATALOGUE.with_suffix(".mo")))) != said(kept):
        wrong.append("django.mo is older than django.po")
    return wrong


def update() -> list[str]:
    """Renew django.po and django.mo; answers what has no good English yet."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue = renewed(read(), extracted())
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return [f"no good English: {text}" for text in gaps(catalogue)]


def main() -> int:
    """Update, or with --check only look. Returns 1 when something is wrong."""
    wrong = check() if "--check" in sys.argv[1:] else update()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
