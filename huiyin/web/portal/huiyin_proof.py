#!/usr/bin/env python3
"""回音:证明一件反映真的写进了账本;替大家保管账本的校验点。Proves that a report stands in the record, and keeps checkpoints of it.

这一个文件就够了:Python 3.8 以上,不用安装别的,不用联网。This one file is enough: Python 3.8 or later, nothing to install, no network.

    python3 huiyin_proof.py 证明.json                          这份证明对不对 is this proof right
    python3 huiyin_proof.py 证明.json --checkpoint 校验点.txt    再和别处保管的校验点对一对 also compare with a checkpoint kept elsewhere
    python3 huiyin_proof.py 证明.json --photo 照片.jpg          这张照片当时是不是一起交的 was this photo sent with it
    python3 huiyin_proof.py keep 保管.txt 新的.txt               接得上才保管 keep the new checkpoint if it continues the old
    python3 huiyin_proof.py keep 保管.txt https://…/open/ledger/checkpoint.txt

退出码 exit code: 0 对 right, 1 不对 wrong, 2 没法看 cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DASH = "\u2014 "
SALT_BYTES = 32


class Wrong(Exception):
    """证明不对 the proof is wrong: (中文, English)."""


class Unreadable(Exception):
    """没法看 cannot be read: (中文, English)."""


# ---- Ed25519, RFC 8032 5.1.7: checking only, so nothing here is secret ------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(held):
    if len(held) != 32:
        return None
    y = int.from_bytes(held, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _sum(a, b):
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(many, point):
    found = (0, 1, 1, 0)
    while many:
        if many & 1:
            found = _sum(found, point)
        point, many = _sum(point, point), many >> 1
    return found


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    """Whether the 64 bytes are the signature of the message by the holder of this 32-byte public key."""
    key, commitment = _point(public), _point(signature[:32])
    if len(signature) != 64 or key is None or commitment is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, BASE), _sum(commitment, _times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- the tree, RFC 9162 2.1 -----------------------------------------------------------------------------------------


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf, index, size, path, root):
    """RFC 9162 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, grown = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            grown = node_hash(step, grown)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            grown = node_hash(grown, step)
        place, last = place >> 1, last >> 1
    return last == 0 and grown == root


def consistent(old, new, path, old_root, new_root):
    """RFC 9162 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, step)
        place, last = place >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


# ---- checkpoints and keys -------------------------------------------------------------------------------------------


class Checkpoint:
    """One signed note: who, how many leaves, which root, when."""

    def __init__(self, text):
        body, blank, rest = text.strip("\n").partition("\n\n")
        lines = body.split("\n")
        if not blank or len(lines) != 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
            raise Unreadable("这不是校验点", "this is no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), _bytes(lines[2])
        try:
            self.at = datetime.strptime(lines[3], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        except ValueError:
            raise Unreadable("校验点的时间看不懂", "the checkpoint's time cannot be read") from None
        self.body, self.text = body + "\n", text.strip("\n") + "\n"
        self.signatures = []
        for line in rest.split("\n"):
            if line.startswith(DASH):
                name, _, held = line[len(DASH) :].partition(" ")
                self.signatures.append((name, _bytes(held)))

    def check(self, key):
        name, public = key
        hint = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        for signer, held in self.signatures:
            if signer == name == self.origin and held[:4] == hint and ed25519_verify(public, self.body.encode(), held[4:]):
                return
        raise Wrong("校验点不是这把钥匙签的", "the checkpoint was not signed with this key")


def _bytes(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("里面有看不懂的字符", "something in it cannot be read") from None


def read_key(line):
    """(name, 32 bytes) from name+id+base64."""
    name, _, rest = line.strip().partition("+")
    held = _bytes(rest.partition("+")[2])
    if len(held) != 33 or held[:1] != b"\x01":
        raise Unreadable("公钥看不懂", "the public key cannot be read")
    return name, held[1:]


def fingerprint(key):
    """24 signs of the key, to be compared by eye with what the county printed."""
    bits = int.from_bytes(hashlib.sha256(key[1]).digest()[:15], "big")
    signs = "".join(ALPHABET[bits >> shift & 31] for shift in range(115, -1, -5))
    return "-".join(signs[at : at + 4] for at in range(0, 24, 4))


def read_file(text):
    """(key line or "", [(old size, path)], checkpoints) of a downloaded or kept file."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    key, path, old, notes = "", [], None, []
    for piece in re.split(r"\n{2,}(?!\u2014)", text.strip("\n")):
        lines = piece.strip("\n").split("\n")
        if lines[0].startswith("key "):
            key = lines[0][4:]
        elif lines[0].startswith("old "):
            old, path = int(lines[0][4:]), [_bytes(line) for line in lines[1:]]
        elif piece.strip():
            notes.append(Checkpoint(piece))
    return key, old, path, notes


# ---- a resident's proof ---------------------------------------------------------------------------------------------


def entry_hash(entry):
    """The entry's own hash: its canonical bytes, sorted keys, UTF-8, no white space."""
    return hashlib.sha256(json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def prove(proof, key=None, others=(), photos=()):
    """Check a proof; returns what it shows, line by line, as (中文, English). Raises Wrong or Unreadable."""
    try:
        entry, number, index = proof["entry"], proof["number"], proof["index"]
        path, note = [bytes.fromhex(step) for step in proof["path"]], Checkpoint(proof["checkpoint"])
        trusted = read_key(key or proof["key"])
        said, files = proof.get("said", []), proof.get("files", [])
    except (KeyError, TypeError, ValueError):
        raise Unreadable("这个文件不是回音的证明,或者不完整", "this file is no proof of Huiyin, or not whole") from None
    note.check(trusted)
    leaf = leaf_hash(f"huiyin/1 entry {entry['case']} {number} {entry['seq']} {entry_hash(entry)}".encode())
    if not included(leaf, index, note.size, path, note.root):
        raise Wrong("这件反映不在签过名的账本里,或者内容被改过", "the report is not in the signed record, or it was changed")
    held = entry["data"]
    words = held.get("words", {})
    for one in said:
        if commitment(one["salt"], one["text"].encode()) != words.get(one["field"]):
            raise Wrong("文字和当时写进账本的不一样", "the words are not those that were recorded")
    for one in files:
        if commitment(one["salt"], bytes.fromhex(one["sha256"])) not in held.get("files", []):
            raise Wrong("照片和当时写进账本的不一样", "a photo is not one of those that were recorded")
    for name, content in photos:
        if hashlib.sha256(content).hexdigest() not in [one["sha256"] for one in files]:
            raise Wrong(f"{name} 不是当时一起交的照片", f"{name} is none of the photos that were sent")
    for name, other in others:
        other.check(trusted)
        if other.size == note.size and other.root != note.root:
            raise Wrong(
                f"{name} 和证明里的校验点对不上:有人给了两本不同的账",
                f"{name} contradicts the proof: there are two different records",
            )
    return told(entry, number, index, note, trusted, said, files, photos, others)


def commitment(salt, content):
    """Of a salt with another length it is Wrong: bytes moved from the content into the salt would leave the hash as it was."""
    held = bytes.fromhex(salt)
    if len(held) != SALT_BYTES:
        raise Wrong("文字或照片和当时写进账本的不一样", "the words or a photo are not those that were recorded")
    return hashlib.sha256(held + content).hexdigest()


def plain(text):
    """Without signs that move the cursor, and every further line set in: what a resident wrote cannot write a line of ours."""
    lines = ["".join(sign if sign.isprintable() else "?" for sign in line) for line in str(text).split("\n")]
    return "\n    | ".join(lines)


def told(entry, number, index, note, key, said, files, photos, others):
    written = datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    lines = [
        (
            f"对。件号 {number} 的这次反映,{beijing(written)}(北京时间)写进了账本,是第 {index + 1} 条。",
            f"RIGHT. The report with number {number} was recorded on {beijing(written)} (Beijing time) as number {index + 1}.",
        ),
        (
            f"{beijing(note.at)} 签名的校验点包含它:从那以后,删它、改它,这份证明都能证出来。",
            f"The checkpoint signed on {beijing(note.at)} holds it: whoever deleted or changed it since is shown wrong by this proof.",
        ),
    ]
    names = {"words": ("说的话", "the words"), "place": ("地点", "the place")}
    for one in said:
        name, english = names.get(one["field"], (one["field"], one["field"]))
        lines.append((f"当时{name}:{plain(one['text'])}", f"{english}, as recorded: {plain(one['text'])}"))
    if not said:
        lines.append(
            (
                "文字没有附在证明里(可能已依法删除)。",
                "The words are not in the proof (they may have been erased as the law demands).",
            )
        )
    if files:
        lines.append((f"一起交的照片 {len(files)} 张,都对得上。", f"{len(files)} photos were sent with it, as recorded."))
    for name, _ in photos:
        lines.append((f"{name} 是当时一起交的照片。", f"{name} is one of the photos that were sent."))
    for name, other in others:
        same = other.size == note.size
        lines.append(
            (f"{name} 和证明里的校验点一样。", f"{name} is the same checkpoint.")
            if same
            else (
                f"{name} 是同一把钥匙签的,但条数不同;请保管人用 keep 对一对前后接不接得上。",
                f"{name} was signed with the same key at another size; its keeper can check with keep that one continues the other.",
            )
        )
    lines.append(
        (
            f"钥匙的指纹是 {fingerprint(key)}。请和公示栏、回执或别处印的对一对;不一样就不能信。",
            f"The key's fingerprint is {fingerprint(key)}. Compare it with what the county printed elsewhere; if it differs, trust nothing.",
        )
    )
    return lines


def beijing(moment):
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


# ---- a witness ------------------------------------------------------------------------------------------------------


def keep(kept_text, new_text, key=None):
    """(what the file should hold now, lines to say). Raises Wrong when the new checkpoint does not continue the kept one."""
    known, _, _, notes = read_file(kept_text) if kept_text.strip() else ("", None, [], [])
    offered, old, path, new = read_file(new_text)
    if not new:
        raise Unreadable("下载的文件里没有校验点", "there is no checkpoint in what was downloaded")
    line = known or key or offered
    if not line:
        raise Unreadable("第一次保管要有公钥", "the public key is needed the first time")
    if key and known and read_key(key) != read_key(known):
        raise Wrong("公钥和以前保管的不一样", "the public key is not the one that was kept")
    trusted, latest = read_key(line), new[-1]
    latest.check(trusted)
    if not notes:
        return f"key {line}\n\n{latest.text}", [
            (
                f"开始保管:{latest.size} 条,{beijing(latest.at)} 签名。",
                f"Keeping: {latest.size} leaves, signed on {beijing(latest.at)}.",
            ),
            (
                f"钥匙的指纹是 {fingerprint(trusted)},请和县里印的对一对。",
                f"The key's fingerprint is {fingerprint(trusted)}: compare it.",
            ),
        ]
    last = notes[-1]
    if latest.size < last.size:
        raise Wrong(
            f"账本变短了:{beijing(last.at)} 有 {last.size} 条,{beijing(latest.at)} 只有 {latest.size} 条。请留好文件,问县里要说法",
            f"the record became shorter: {last.size} leaves on {beijing(last.at)}, {latest.size} on {beijing(latest.at)}. Keep both files and ask why",
        )
    if latest.size == last.size and latest.root == last.root:
        if latest.at <= last.at:
            return kept_text, [("没有更新的校验点。", "There is nothing newer.")]
    elif (old or 0) != last.size:
        raise Unreadable(
            f"下载的文件不是从 {last.size} 条接着算的,请用 ?since={last.size} 再下载一次",
            f"the download does not go on from {last.size} leaves: download it again with ?since={last.size}",
        )
    elif not consistent(last.size, latest.size, path, last.root, latest.root):
        raise Wrong(
            f"账本被改过:{beijing(latest.at)} 的账本不是接着 {beijing(last.at)} 的写的。请留好文件,公布出来",
            f"the record was rewritten: that of {beijing(latest.at)} does not continue that of {beijing(last.at)}. Keep both files and say so",
        )
    return kept_text.rstrip("\n") + "\n\n" + latest.text, [
        (
            f"接得上,已保管:{latest.size} 条,{beijing(latest.at)} 签名。",
            f"It continues; kept: {latest.size} leaves, signed on {beijing(latest.at)}.",
        )
    ]


def _fetch(source, since):
    if re.match(r"https?://", source):
        from urllib.request import urlopen

        with urlopen(f"{source.split('?')[0]}?since={since}", timeout=30) as answer:  # noqa: S310, http and https only, see above
            return answer.read(4_000_000).decode("utf-8")
    return _text(source)


def _text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def _keep(options):
    kept = _text(options.kept) if os.path.exists(options.kept) else ""
    notes = read_file(kept)[3] if kept.strip() else []
    text, lines = keep(kept, _fetch(options.new, notes[-1].size if notes else 0), options.key)
    if text != kept:
        with open(options.kept + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(options.kept + ".new", options.kept)
    return lines


def _prove(options):
    photos = []
    for path in options.photo:
        with open(path, "rb") as file:
            photos.append((os.path.basename(path), file.read()))
    others = [(path, note) for path in options.checkpoint for note in read_file(_text(path))[3]]
    try:
        proof = json.loads(_text(options.proof))
    except ValueError:
        raise Unreadable("这个文件不是回音的证明,或者不完整", "this file is no proof of Huiyin, or not whole") from None
    return prove(proof, options.key, others, photos)


def main(argv: list[str] | None = None) -> int:
    """See the top of the file. Returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="huiyin_proof.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--key", help="公钥,从别处得到的更可信 the public key, better from elsewhere")
    if given[:1] == ["keep"]:
        parser.add_argument("keep", help=argparse.SUPPRESS)
        parser.add_argument("kept", help="保管的文件 the file that keeps")
        parser.add_argument("new", help="新下载的文件或网址 a new download, or its address")
        run = _keep
    else:
        parser.add_argument("proof", help="在“查进度”下载的证明 the proof from the tracking page; or the word keep")
        parser.add_argument(
            "--checkpoint", action="append", default=[], metavar="FILE", help="别处保管的校验点 a checkpoint kept elsewhere"
        )
        parser.add_argument(
            "--photo", action="append", default=[], metavar="FILE", help="原来的照片文件 the photo as it was taken"
        )
        run = _prove
    options = parser.parse_args(given)
    try:
        lines, code = run(options), 0
    except Wrong as wrong:
        lines, code = [("不对。" + wrong.args[0] + "。", "WRONG: " + wrong.args[1] + ".")], 1
    except Unreadable as bad:
        lines, code = [("没法看。" + bad.args[0] + "。", "Cannot be read: " + bad.args[1] + ".")], 2
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as bad:
        lines, code = [(f"没法看。{bad}", f"Cannot be read: {bad}")], 2
    for chinese, english in lines:
        print(chinese)
        print(english)
    return code


if __name__ == "__main__":
    sys.exit(main())
