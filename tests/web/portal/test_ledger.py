"""Whoever reported can prove it, and whoever wants can keep an eye on the record: with one file, offline, in plain words."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from huiyin.adapters import signing
from huiyin.jobs import record, verify
from huiyin.records.models import Checkpoint, Entry, Leaf
from huiyin.rules import checkpoint, merkle
from huiyin.selectors import log, proofs
from huiyin.services import cases
from huiyin.services import log as logging
from huiyin.services.cases import Receipt
from huiyin.web.portal import huiyin_proof as tool
from huiyin.web.portal import ledger
from tests.web.portal.test_portal import jpeg
from tests.world import World

WORDS = "楼下花坛里有人养鸡，天不亮就打鸣"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HUIYIN_DATA = tmp_path


@pytest.fixture
def now(world: World) -> Any:
    with time_machine.travel(world.now, tick=False) as clock:
        yield clock


def sign(world: World, clock: Any = None) -> checkpoint.Note:
    world.later(hours=1)
    if clock is not None:
        clock.move_to(world.now)
    assert record.run_checkpoint(world.now) == 1
    return checkpoint.read(Checkpoint.objects.order_by("-pk")[0].text)[0]


def ask(client: Client, receipt: Receipt) -> Any:
    return client.post("/track/proof", {"number": receipt.number, "code": receipt.code})


def proof_of(receipt: Receipt) -> dict[str, Any]:
    found = proofs.proof_of(receipt.report)
    assert found is not None and found.content is not None
    return json.loads(json.dumps(found.content))  # type: ignore[no-any-return]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The file alone, with nothing but Python's own library."""
    command = [sys.executable, "-I", "-S", str(ledger.TOOL), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


# ── a resident's proof ───────────────────────────────────────────────────────────────────────


def test_a_resident_downloads_a_proof_and_checks_it_with_one_file(client: Client, world: World, now: Any, tmp_path: Path) -> None:
    receipt = world.report(WORDS)
    early = ask(client, receipt)
    assert early.status_code == 409 and "过一小时再来" in early.content.decode()
    sign(world, now)
    answer = ask(client, receipt)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="huiyin-proof-{receipt.number}.json"'
    (tmp_path / "p.json").write_bytes(answer.content)
    shown = run(tmp_path, "p.json")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert f"对。件号 {receipt.number} 的这次反映,2026-11-24 09:00" in shown.stdout
    assert "RIGHT. The report with number" in shown.stdout
    assert WORDS in shown.stdout and receipt.code not in shown.stdout
    assert receipt.code not in answer.content.decode()


def test_the_proof_is_for_whoever_holds_the_receipt_alone(client: Client, world: World, now: Any) -> None:
    receipt, other = world.report(WORDS), world.report("路灯黑了一个月")
    sign(world, now)
    assert ask(client, Receipt(number=receipt.number, code=other.code, report=0, case=0)).status_code == 401
    assert client.post("/track/proof").status_code == 401
    assert client.get("/track/proof").status_code == 405
    content = ask(client, other).content.decode()
    assert WORDS not in content and "路灯黑了一个月" in content


def test_a_neighbour_who_joined_proves_their_own_words_and_no_others(world: World) -> None:
    first = world.assigned(words=WORDS)
    joined = cases.join(actor=None, at=world.now, key="k" * 30, number=first.number, words="我家也被吵醒")
    sign(world)
    proof = proof_of(joined)
    assert [one["text"] for one in proof["said"]] == ["我家也被吵醒"]
    assert tool.prove(proof)[0][0].startswith("对。")


def test_who_joined_a_case_that_the_police_take_part_in_learns_no_number_of_theirs(
    client: Client, world: World, now: Any
) -> None:
    """Their entry is the eighth or the twentieth: that would tell whether a file was opened. Who reported first is the first."""
    first = world.report(words="楼道里喷满了小广告", item="HW-02")
    world.do("wangxiulan", first.number, "assign", item="HW-02", lead=world.body("chengguan"), cooperating=[world.body("gongan")])
    joined = cases.join(actor=None, at=world.now, key="k" * 30, number=first.number, words="我家门口也有")
    sign(world, now)
    found = proofs.proof_of(joined.report)
    assert found is not None and found.sealed and found.content is None
    answer = ask(client, joined)
    assert answer.status_code == 409 and "封存" in answer.content.decode() and b'"seq"' not in answer.content
    assert tool.prove(proof_of(first))[0][0].startswith("对。")


def test_a_report_is_proved_after_it_moved_to_another_case(world: World) -> None:
    goes, stays = world.report("鸡叫得睡不着"), world.report(WORDS)
    world.do("zhoumin", goes.number, "merge", survivor=stays.number, why="同一件事")
    sign(world)
    assert tool.prove(proof_of(goes))[0][0].startswith(f"对。件号 {goes.number}")


def test_what_was_masked_is_not_in_the_proof_and_the_proof_still_holds(world: World) -> None:
    receipt = world.echoed(words=WORDS)
    sign(world)
    world.do("zhoumin", receipt.number, "mask", mask_what="report", report=receipt.report, mask_ground="request")
    proof = proof_of(receipt)
    assert proof["said"] == [] and WORDS not in json.dumps(proof, ensure_ascii=False)
    assert any("依法删除" in chinese for chinese, _ in tool.prove(proof))


def test_a_photo_is_known_again(world: World, tmp_path: Path) -> None:
    photo = jpeg()
    photo.seek(0)
    content = photo.read()
    photo.seek(0)
    cases.upload(actor=None, at=world.now, key="p" * 30, slot="a", stream=photo)
    receipt = world.report(WORDS, key="p" * 30)
    sign(world)
    (tmp_path / "p.json").write_text(json.dumps(proof_of(receipt)), encoding="utf-8")
    (tmp_path / "mine.jpg").write_bytes(content)
    (tmp_path / "other.jpg").write_bytes(content + b"x")
    assert "mine.jpg 是当时一起交的照片" in run(tmp_path, "p.json", "--photo", "mine.jpg").stdout
    assert run(tmp_path, "p.json", "--photo", "other.jpg").returncode == 1


BENT = {
    "number": lambda proof: proof.update(number="2611-00999"),
    "time": lambda proof: proof["entry"].update(at="2026-01-01T00:00:00.000000Z"),
    "words": lambda proof: proof["said"][0].update(text="别的话"),
    "place in the record": lambda proof: proof.update(index=proof["index"] + 1),
    "path": lambda proof: proof["path"].__setitem__(0, "00" * 32),
    "checkpoint": lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("2026-11-24", "2025-11-24", 1)),
    "key": lambda proof: proof.update(key=foreign_key(proof["key"])),
}


def foreign_key(line: str) -> str:
    public = Ed25519PrivateKey.from_private_bytes(b"f" * 32).public_key().public_bytes_raw()
    return checkpoint.verifier_key(line.split("+")[0], public)


def test_words_cut_off_into_the_salt_prove_nothing(world: World) -> None:
    """The hash of salt and words stays as it was when the first words move into the salt: only the salt's length tells."""
    receipt = world.report("没有看见有人在花坛里养鸡")
    sign(world)
    proof = proof_of(receipt)
    one = proof["said"][0]
    cut = len("没有".encode())
    one.update(salt=one["salt"] + one["text"].encode()[:cut].hex(), text=one["text"].encode()[cut:].decode())
    assert (
        hashlib.sha256(bytes.fromhex(one["salt"]) + one["text"].encode()).hexdigest() == proof["entry"]["data"]["words"]["words"]
    )
    with pytest.raises(tool.Wrong):
        tool.prove(proof)


def test_what_a_resident_wrote_is_set_in_and_writes_no_line_of_the_program(world: World) -> None:
    receipt = world.report("有人养鸡\n假照片.jpg 是当时一起交的照片。")
    sign(world)
    said = "\n".join(line for pair in tool.prove(proof_of(receipt)) for line in pair)
    assert "\n    | 假照片.jpg" in said and "\n假照片.jpg" not in said
    assert "\x1b" not in tool.plain("\x1b[2K对。")


@pytest.mark.parametrize("bent", BENT)
def test_a_proof_that_was_bent_is_wrong(world: World, tmp_path: Path, bent: str) -> None:
    receipt = world.report(WORDS)
    world.report("路灯黑了一个月")
    sign(world)
    proof = proof_of(receipt)
    BENT[bent](proof)  # type: ignore[no-untyped-call]
    (tmp_path / "p.json").write_text(json.dumps(proof), encoding="utf-8")
    shown = run(tmp_path, "p.json")
    assert shown.returncode == 1 and "不对。" in shown.stdout and "WRONG: " in shown.stdout


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "not json", '{"entry": 3}', '{"entry": {}, "number": 1, "index": 0, "path": ["zz"]}']
)
def test_what_is_no_proof_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content, encoding="utf-8")
    shown = run(tmp_path, "p.json")
    assert shown.returncode == 2 and "Traceback" not in shown.stderr
    assert "没法看。" in shown.stdout
    assert run(tmp_path, "absent.json").returncode == 2


def test_the_file_needs_nothing_but_python() -> None:
    tree = ast.parse(ledger.TOOL.read_text(encoding="utf-8"), feature_version=(3, 8))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


# ── its own Ed25519 and its own tree ─────────────────────────────────────────────────────────

# RFC 8032 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_file_checks_signatures_as_rfc_8032_says(public: str, message: str, signature: str) -> None:
    key, text, held = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    Ed25519PublicKey.from_public_bytes(key).verify(held, text)
    assert tool.ed25519_verify(key, text, held)
    assert not tool.ed25519_verify(key, text + b"!", held)
    for at in (0, 31, 32, 63):
        assert not tool.ed25519_verify(key, text, held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
    more = int.from_bytes(held[32:], "little") + tool.L
    assert not tool.ed25519_verify(key, text, held[:32] + more.to_bytes(32, "little")), "a second signature made from the first"
    assert not tool.ed25519_verify(key, text, held[:63]) and not tool.ed25519_verify(b"\xff" * 32, text, held)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_the_file_takes_whatever_the_county_signs(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert tool.ed25519_verify(public, message, private.sign(message))


@given(st.data())
def test_the_files_own_tree_agrees_with_the_rules(data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(data.draw(st.integers(1, 70)))]
    subtree, size = merkle.subtrees(lambda level, tile: leaves if (level, tile) == (0, 0) else []), len(leaves)
    old, index = data.draw(st.integers(0, size)), data.draw(st.integers(0, size - 1))
    root, was = merkle.root_of(size, subtree), merkle.root_of(old, subtree)
    path = merkle.inclusion_proof(index, size, subtree)
    assert tool.included(leaves[index], index, size, path, root)
    assert not tool.included(leaves[index], index, size, [*path, root], root)
    steps = merkle.consistency_proof(old, size, subtree)
    assert tool.consistent(old, size, steps, was, root)
    assert not tool.consistent(old, size, [*steps, root], was, root)
    if old not in {0, size}:
        assert not tool.consistent(old, size, steps, leaves[0] if old > 1 else root, root)


# ── witnesses ────────────────────────────────────────────────────────────────────────────────


def fetch(client: Client, **query: int) -> str:
    answer = client.get("/open/ledger/checkpoint.txt", query)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    return answer.content.decode()


def test_a_witness_keeps_what_continues_and_names_what_does_not(client: Client, world: World, tmp_path: Path) -> None:
    assert client.get("/open/ledger/checkpoint.txt").status_code == 404
    world.report()
    first = sign(world)
    (tmp_path / "1.txt").write_text(fetch(client), encoding="utf-8")
    shown = run(tmp_path, "keep", "kept.txt", "1.txt")
    assert shown.returncode == 0 and "开始保管" in shown.stdout and checkpoint.fingerprint(signing.public_key()) in shown.stdout
    world.report()
    second = sign(world)
    (tmp_path / "2.txt").write_text(fetch(client, since=first.head.size), encoding="utf-8")
    assert "接得上" in run(tmp_path, "keep", "kept.txt", "2.txt").stdout
    assert "没有更新的校验点" in run(tmp_path, "keep", "kept.txt", "2.txt").stdout
    kept = (tmp_path / "kept.txt").read_text(encoding="utf-8")
    assert checkpoint.read(kept) == [first, second]
    assert verify.main(["--checkpoint", str(tmp_path / "kept.txt")]) == 0
    shorter = run(tmp_path, "keep", "kept.txt", "1.txt")
    assert shorter.returncode == 1 and "账本变短了" in shorter.stdout
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == kept


def forged_head(size: int, root: bytes, world: World) -> checkpoint.Note:
    return signing.sign(checkpoint.Head(origin=log.origin(), size=size, root=root, at=world.now + timedelta(hours=2)))


def test_a_record_that_was_written_anew_finds_no_witness(client: Client, world: World, tmp_path: Path) -> None:
    world.report()
    world.report()
    first = sign(world)
    (tmp_path / "1.txt").write_text(fetch(client), encoding="utf-8")
    assert run(tmp_path, "keep", "kept.txt", "1.txt").returncode == 0
    world.report()
    second = sign(world)
    path = log.consistency(first.head.size, second.head.size)
    key = log.verifier_key()
    for name, note, steps in (
        ("other", forged_head(second.head.size, b"\x07" * 32, world), path),
        ("same size", forged_head(first.head.size, b"\x07" * 32, world), []),
    ):
        (tmp_path / "forged.txt").write_text(checkpoint.download(note, key, first.head.size, steps), encoding="utf-8")
        shown = run(tmp_path, "keep", "kept.txt", "forged.txt")
        assert shown.returncode == 1 and "账本被改过" in shown.stdout, name
    unsigned = fetch(client, since=first.head.size).replace("T03:", "T04:")
    (tmp_path / "unsigned.txt").write_text(unsigned, encoding="utf-8")
    assert run(tmp_path, "keep", "kept.txt", "unsigned.txt").returncode == 1
    (tmp_path / "without.txt").write_text(fetch(client), encoding="utf-8")
    assert "?since=" in run(tmp_path, "keep", "kept.txt", "without.txt").stdout
    own = foreign_key(key)
    (tmp_path / "theirs.txt").write_text(fetch(client, since=first.head.size), encoding="utf-8")
    assert run(tmp_path, "keep", "kept.txt", "theirs.txt", "--key", own).returncode == 1


def test_an_empty_record_is_kept_and_continued(client: Client, world: World, tmp_path: Path) -> None:
    sign(world)
    assert Checkpoint.objects.get().size == 0
    (tmp_path / "1.txt").write_text(fetch(client), encoding="utf-8")
    assert run(tmp_path, "keep", "kept.txt", "1.txt").returncode == 0
    world.report()
    sign(world)
    (tmp_path / "2.txt").write_text(fetch(client, since=0), encoding="utf-8")
    assert "接得上" in run(tmp_path, "keep", "kept.txt", "2.txt").stdout


def test_odd_questions_get_no_checkpoint_and_no_error(client: Client, world: World) -> None:
    world.report()
    note = sign(world)
    for query in ("?size=x", "?size=999", "?size=-1", "?size=99999999999999999999"):
        assert client.get(f"/open/ledger/checkpoint.txt{query}").status_code == 404, query
    for query in ("?since=x", "?since=999", "?since=-1", f"?size={note.head.size}", ""):
        assert checkpoint.read(client.get(f"/open/ledger/checkpoint.txt{query}").content.decode()) == [note], query


# ── the page and the receipt ─────────────────────────────────────────────────────────────────


def test_the_page_tells_the_signatures_and_an_honest_restore_in_few_queries(client: Client, world: World, now: Any) -> None:
    assert "还没有签过名" in client.get("/open/ledger").content.decode()
    world.report()
    note = sign(world, now)
    logging.mark_restored(at=world.now, why="硬盘坏了", known_size=99)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/open/ledger").content.decode()
    assert len(queries) <= 10
    assert note.head.short in page and "硬盘坏了" in page and "以前签到过 99 条" in page
    assert checkpoint.fingerprint(signing.public_key()) in page
    program = client.get("/open/ledger/huiyin_proof.py")
    assert program["Content-Disposition"].startswith("attachment") and program.content == ledger.TOOL.read_bytes()


def test_a_receipt_carries_the_latest_signature(client: Client, world: World, now: Any) -> None:
    world.report()
    note = sign(world, now)
    key = "r" * 30
    world.report(key=key)
    page = client.post("/receipt", {"key": key}).content.decode()
    assert note.head.short in page


def test_the_leaf_of_an_entry_says_which_case_it_belongs_to(world: World) -> None:
    receipt = world.report()
    record.run(world.now)
    leaf = Leaf.objects.get(kind="entry")
    entry = Entry.objects.get()
    made = tool.leaf_hash(f"huiyin/1 entry {receipt.case} {receipt.number} 1 {entry.hash}".encode())
    assert bytes(leaf.hash) == made
