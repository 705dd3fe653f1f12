"""The English catalogue is whole: every text is in it, translated with its placeholders, and compiled as it stands."""

from __future__ import annotations

import ast
import inspect
import sys

import polib
import pytest
from django.utils.translation import gettext, ngettext, override, pgettext
from django.utils.translation.template import templatize

from huiyin.rules.files import BadFile
from huiyin.rules.texts import BadText
from huiyin.rules.workflow import judge
from huiyin.rules.workflow.acts import KEPT
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.table import ROWS
from huiyin.rules.workflow.vocabulary import OUTCOME_LABELS, ROLE_LABELS, STAGE_LABELS, TIER_LABELS
from tools import messages

RUN = "run python -m tools.messages, translate what it names, and run it again"


@pytest.fixture(scope="module")
def kept() -> polib.POFile:
    return messages.read()


@pytest.fixture(scope="module")
def wanted() -> list[messages.Message]:
    return messages.extracted()


def test_every_text_is_in_the_catalogue_and_nothing_else(kept: polib.POFile, wanted: list[messages.Message]) -> None:
    there = {(entry.msgctxt or "", entry.msgid) for entry in kept}
    said = {message.key for message in wanted}
    assert sorted(said - there) == [], RUN
    assert sorted(there - said) == [], RUN


def test_the_catalogue_is_sorted_and_names_no_files(kept: polib.POFile, wanted: list[messages.Message]) -> None:
    assert [entry.msgid for entry in kept] == [message.text for message in wanted], RUN
    assert not any(entry.occurrences or entry.obsolete for entry in kept)


def test_every_text_has_its_english_with_the_same_placeholders(kept: polib.POFile) -> None:
    assert messages.gaps(kept) == []
    assert kept.fuzzy_entries() == [] and kept.untranslated_entries() == []


def test_english_is_english(kept: polib.POFile) -> None:
    terms = ("一劝", "二督", "三查", "信访", "行政复议")
    for entry in kept:
        for said in (entry.msgstr, *entry.msgstr_plural.values()):
            for term in terms:
                said = said.replace(f"({term})", "")
            assert not messages.CHINESE.search(said), entry.msgid


def test_the_compiled_catalogue_is_current(kept: polib.POFile) -> None:
    compiled = messages.CATALOGUE.with_suffix(".mo")
    assert messages.said(polib.mofile(str(compiled))) == messages.said(kept), RUN
    assert compiled.read_bytes() == kept.to_binary(), RUN


def test_placeholders_are_told_apart() -> None:
    assert messages.placeholders("%(n)d 件，{of} 100%%") == ["%%", "%(n)d", "{of}"]
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="还差 %(missing)d 位", msgstr="%(mising)d missing"))
    assert messages.gaps(catalogue) == ["还差 %(missing)d 位"]


def test_texts_are_found_however_a_template_says_them() -> None:
    source = """{% load i18n %}{% translate "甲" %}{% translate '乙' as t %}{% translate "丙" context "brand" %}
    {% blocktranslate trimmed with n=many %}
      丁 {{ n }}
    {% endblocktranslate %}{% include "x.html" with title=_("戊") %}
    {% blocktranslate trimmed count n=many %}{{ n }} 户{% plural %}{{ n }} 户{% endblocktranslate %}"""
    found = set(messages.templatized(templatize(source)))
    assert found == {
        messages.Message("甲"),
        messages.Message("乙"),
        messages.Message("丙", context="brand"),
        messages.Message("丁 %(n)s"),
        messages.Message("戊"),
        messages.Message("%(n)s 户", plural="%(n)s 户"),
    }


def test_what_the_rules_say_is_said_in_english() -> None:
    labels = [*STAGE_LABELS.values(), *TIER_LABELS.values(), *ROLE_LABELS.values(), *OUTCOME_LABELS.values()]
    labels += [field.label for field in FIELDS.values()] + [row.label for row in ROWS]
    labels += [*BadText.messages.values(), *BadFile.messages.values()]
    with override("en"):
        assert [label for label in labels if label and messages.CHINESE.search(gettext(label).split("(")[0])] == []


def test_every_reason_of_a_guard_is_collected(wanted: list[messages.Message]) -> None:
    texts = {message.text for message in wanted}
    for name in sorted({guard.__module__ for guard in KEPT.values()} | {judge.__name__}):
        tree = ast.parse(inspect.getsource(sys.modules[name]))
        said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        explained = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        assert {text for text in said - explained if messages.CHINESE.search(text)} <= texts


def test_a_new_text_without_english_is_noticed_and_an_old_one_goes(kept: polib.POFile, wanted: list[messages.Message]) -> None:
    catalogue = messages.renewed(kept, [*wanted[1:], messages.Message("一句新的话")])
    assert "一句新的话" in messages.gaps(catalogue)
    assert len(catalogue) == len(wanted) and wanted[0].key not in messages.said(catalogue)


def test_the_product_keeps_its_name_and_the_act_has_its_own() -> None:
    with override("en"):
        assert pgettext("brand", "回音") == "Huiyin" and gettext("回音") == "Answer"
        assert ngettext("%(n)d 件超期", "%(n)d 件超期", 1) % {"n": 1} == "1 case overdue"
        assert ngettext("%(n)d 件超期", "%(n)d 件超期", 3) % {"n": 3} == "3 cases overdue"
