"""The register of documents: every template says what the law wants said, and nothing is made without it."""

from __future__ import annotations

import pytest

from huiyin.adapters.documents import templates
from huiyin.rules.documents.compose import Broken, compose, parse
from huiyin.rules.documents.kinds import ALWAYS, BESIDE, KINDS, Kind, Signer, gaps, kinds_for, signer_label
from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.table import ACTIONS

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
DECISION = KINDS["decision"]


@ALL
def test_the_shipped_template_says_everything_the_law_asks_for(kind: Kind) -> None:
    said = templates.template(kind).names
    assert {slot.name for slot in kind.slots if slot.needed and slot.cites} <= said
    assert kind.title


@ALL
def test_everything_a_document_says_has_somewhere_to_come_from(kind: Kind) -> None:
    for slot in kind.slots:
        assert slot.sources or slot.asked, f"{slot.name} comes from nowhere"
        for source in slot.sources:
            place, _, name = source.partition(".")
            assert name and (place in BESIDE or place.isidentifier())


@ALL
def test_what_comes_from_an_act_is_a_field_of_the_table(kind: Kind) -> None:
    for slot in kind.slots:
        for source in slot.sources:
            act, _, name = source.partition(".")
            rows = ACTIONS.get(act, ())
            if rows and name != "moment" and len(slot.sources) == 1 and not slot.asked:
                assert name in FIELDS and any(name in {*row.needs, *row.may} for row in rows), source


def test_a_document_without_what_it_must_say_is_stopped_and_the_gaps_are_named() -> None:
    values = {slot.name: "有" for slot in DECISION.slots}
    assert gaps(DECISION, values) == ()
    missing = gaps(DECISION, {**values, "当事人地址": "", "证据": "　"})
    assert [slot.name for slot in missing] == ["当事人地址", "证据"]
    assert "第五十九条" in missing[1].cites


def test_an_act_tells_its_documents() -> None:
    assert [kind.code for kind in kinds_for("dissuade", {})] == ["dissuasion"]
    assert [kind.code for kind in kinds_for("decide", {"decision": "penalty"})] == ["decision"]
    assert [kind.code for kind in kinds_for("decide", {"decision": "first"})] == ["no_penalty"]
    assert kinds_for("note", {}) == ()


def test_every_kind_comes_from_an_act_that_can_be_done_but_the_reminder_which_oversight_will_bring() -> None:
    unmade = {kind.code for kind in KINDS.values() if not kind.receipts and not set(kind.acts) & ACTIONS.keys()}
    assert unmade == {"reminder"}


def test_whatever_is_handed_to_the_party_by_itself_has_a_receipt() -> None:
    for kind in KINDS.values():
        if kind.delivered:
            only = kind.only or {}
            data = {key: sorted(able, key=str)[0] for key, able in only.items()}
            assert any(receipt.receipts for receipt in kinds_for(kind.acts[0], data)), kind.code
    for action, data in (
        ("inspect", {}),
        ("hear", {"asks_hearing": "no"}),
        ("propose", {"proposed": "seize"}),
        ("serve", {}),
        ("decide", {}),
    ):
        assert not any(receipt.receipts for receipt in kinds_for(action, data)), action


def test_a_spot_decision_names_reconsideration_before_the_court() -> None:
    """行政复议法 23: whoever is punished on the spot has to ask for 复议 first and must be told so."""
    said = templates.shipped(KINDS["spot_decision"])
    assert "应当先" in said and "也可以自收到" not in said


# ── templates ────────────────────────────────────────────────────────────────────────────────

KNOWN = frozenset({"当事人", "罚款"})
GOOD = 'title = "通知"\nlayout = "notice"\n\n[[block]]\nto = "{当事人}："\n'


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ('title = "通知\nlayout = "notice"', 1, "这一行"),
        ('layout = "notice"\n[[block]]\np = "a"', 0, "标题"),
        ('title = "通知"\nlayout = "poster"\n[[block]]\np = "a"', 2, "版式"),
        ('title = "通知"\nlayout = "notice"', 0, "正文"),
        (GOOD + '\n[[block]]\np = "{金额}"\n', 8, "金额"),
        (GOOD + '\n[[block]]\nscript = "x"\n', 8, "script"),
        (GOOD + '\n[[block]]\nwhen = "金额"\np = "x"\n', 8, "金额"),
        (GOOD + '\n[[block]]\nfields = "x"\n', 8, "一行一行"),
        (GOOD + '\n[[block]]\np = 3\n', 8, "文字"),
        (GOOD + '\n[[block]]\np = "a"\nnote = "b"\n', 7, "一样内容"),
        (GOOD + '\nextra = 1\n', 7, "extra"),
    ],
)  # fmt: skip
def test_a_broken_template_is_refused_with_its_line(source: str, line: int, said: str) -> None:
    with pytest.raises(Broken) as found:
        parse("own.toml", source, KNOWN)
    assert found.value.line == line
    assert said in found.value.why % found.value.values


def test_a_value_is_never_read_as_a_template() -> None:
    made = compose(parse("own.toml", GOOD, KNOWN), {"当事人": "{罚款} #eval() $x$", "罚款": "200"})
    assert made["blocks"] == [{"kind": "to", "text": "{罚款} #eval() $x$："}]


def test_a_part_appears_only_where_it_applies() -> None:
    template = parse(
        "own.toml", GOOD + '\n[[block]]\nwhen = "罚款"\np = "罚{罚款}"\n\n[[block]]\nunless = "罚款"\np = "警告"\n', KNOWN
    )
    assert [block["text"] for block in compose(template, {"当事人": "甲", "罚款": "1"})["blocks"]] == ["甲：", "罚1。"]
    assert [block["text"] for block in compose(template, {"当事人": "甲"})["blocks"]] == ["甲：", "警告"]


def test_a_list_of_things_becomes_a_numbered_table() -> None:
    source = GOOD + '\n[[block]]\nhead = ["序号", "物品"]\ntable = [["{罚款}"]]\n'
    table = compose(parse("own.toml", source, KNOWN), {"罚款": "围栏,1副\n\n鸡笼,2只"})["blocks"][1]
    assert table == {"kind": "table", "head": ["序号", "物品"], "rows": [["1", "围栏，1副"], ["2", "鸡笼，2只"]]}


@ALL
def test_who_signs_from_outside_is_called_as_the_document_calls_them(kind: Kind) -> None:
    places = [one for block in templates.template(kind).blocks for one in block.get("signs", ())]
    if Signer.PARTY in kind.signs and places:
        assert any(signer_label(kind.code, Signer.PARTY) in place for place in places), places


def test_names_that_every_template_may_use_are_no_slots() -> None:
    assert all(kind.slot(name) is None for kind in KINDS.values() for name in ALWAYS)
