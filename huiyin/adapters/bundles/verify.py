#!/usr/bin/env python3
"""核对证据包 / Checks an evidence bundle of Huiyin (回音). Needs Python 3.8 or newer and nothing else, and no network.

    python3 verify.py                 checks the folder it lies in
    python3 verify.py bundle.zip      checks a bundle that was not unpacked
    python3 verify.py --root HEX      also compares with a root of the record that you have from elsewhere
    python3 verify.py --key LINE      trusts this key (name+id+base64) for signatures, not the one that lies in the bundle

It answers 0 when everything agrees, 1 when something does not, 2 when it cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import IO, Any, Dict, List, Optional, Sequence, Tuple

FORMAT = "huiyin-evidence-1"
CUSTODY = "huiyin-custody-1"
LIST_MARK = b"huiyin-evidence-1 list\n"
SALT_BYTES = 32
GENESIS = "0" * 64
COVERED = ("case", "seq", "action", "actor", "role", "at", "claimed_at", "to", "tier", "data", "table", "prev")
OWN = frozenset({"README.txt", "verify.py", "manifest.json"})
PIECE = 1024 * 1024
DASH = "\u2014 "  # begins the line of a signature
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Unreadable(Exception):
    """It is no bundle."""


class Bundle:
    """A folder or a zip: names of files, and their bytes."""

    def __init__(self, place: Path) -> None:
        self.zip = zipfile.ZipFile(place) if place.is_file() else None
        self.place = place

    def names(self) -> List[str]:
        """Every one that it holds; in a zip one name may stand twice."""
        if self.zip is not None:
            return [name for name in self.zip.namelist() if not name.endswith("/")]
        found = (file.relative_to(self.place) for file in self.place.rglob("*") if file.is_file() or file.is_symlink())
        return [file.as_posix() for file in found if file.parts[0] != "__pycache__"]

    def is_link(self, name: str) -> bool:
        if self.zip is not None:
            return self.zip.getinfo(name).external_attr >> 28 == 0o12
        file = self.place / name
        return any(step.is_symlink() for step in [file, *list(file.parents)[: name.count("/")]])

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(name) if self.zip is not None else (self.place / name).open("rb")


class Report:
    """What was found, said as it is found."""

    def __init__(self) -> None:
        self.wrong = 0
        self.signed = False  # the list, by the county

    def good(self, chinese: str, english: str) -> None:
        print(plain("  相符  " + chinese + "  |  " + english))

    def bad(self, chinese: str, english: str) -> None:
        self.wrong += 1
        print(plain("  不符  " + chinese + "  |  " + english))

    def note(self, chinese: str, english: str) -> None:
        print(plain("  说明  " + chinese + "  |  " + english))


def plain(text: str) -> str:
    """One line without signs that move the cursor: what stands in a bundle cannot write a line of ours."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def commitment(salt: str, content: bytes) -> str:
    """Raises ValueError for a salt of another length: bytes moved from the content into it would leave the hash as it was."""
    held = bytes.fromhex(salt)
    if len(held) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(held)}")
    return sha256(held + content)


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of_file(bundle: Bundle, name: str) -> Tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with bundle.open(name) as stream:
        while True:
            piece = stream.read(PIECE)
            if not piece:
                return digest.hexdigest(), size
            digest.update(piece)
            size += len(piece)


def check_files(bundle: Bundle, manifest: Dict[str, Any], say: Report) -> None:
    """Every file is there, untouched, and nothing else is."""
    listed = {row["name"] for row in manifest["files"]}
    names = bundle.names()
    there = set(names) - OWN
    for name in sorted({name for name in names if names.count(name) > 1}):
        say.bad(f"同一个名字有两个文件：{name}", f"two files have the same name: {name}")
    for name in sorted(name for name in set(names) if bundle.is_link(name)):
        say.bad(f"不是文件，是指向别处的链接：{name}", f"no file but a link to somewhere else: {name}")
    for name in sorted(there - listed):
        say.bad(f"多出一个清单上没有的文件：{name}", f"a file that is not on the list: {name}")
    for row in manifest["files"]:
        name = row["name"]
        if name not in there:
            say.bad(f"少了文件：{name}", f"missing: {name}")
            continue
        found, size = hash_of_file(bundle, name)
        if (found, size) != (row["sha256"], row["size"]):
            say.bad(f"文件被改过：{name}", f"changed: {name}")
        else:
            say.good(f"{name}（{size} 字节）没有改过", f"{name} ({size} bytes) is untouched")


def check_entries(manifest: Dict[str, Any], say: Report) -> None:
    """Every entry has the hash that it says, and each follows the one before where all are here."""
    entries = manifest["entries"]
    case, number = manifest["case"]["id"], manifest["case"]["number"]
    before: Optional[Dict[str, Any]] = None
    hurt = 0
    if not entries and not manifest["whole"]:
        say.note(
            "这个包不带账本条目，只能核对文件和经手", "no entries of the record are in here; files and custody alone are checked"
        )
        return
    for entry in entries:
        n = entry["seq"]
        if sha256(canonical({name: entry[name] for name in COVERED})) != entry["hash"]:
            hurt += 1
            say.bad(f"第 {n} 条记录的内容和它的哈希不一致", f"entry {n} does not have its hash")
        if entry["case"] != case:
            hurt += 1
            say.bad(f"第 {n} 条记录不是这一件的", f"entry {n} is not of this case")
        follows = GENESIS if n == 1 else before["hash"] if before is not None and before["seq"] == n - 1 else None
        if follows is not None and entry["prev"] != follows:
            hurt += 1
            say.bad(f"第 {n} 条记录接不上前一条", f"entry {n} does not follow the one before")
        before = entry
    if manifest["whole"] and [entry["seq"] for entry in entries] != list(range(1, len(entries) + 1)):
        hurt += 1
        say.bad("说是整件的记录，却缺了条目", "said to be the whole record, and entries are missing")
    if not hurt:
        what = "整件的" if manifest["whole"] else "有证据的"
        say.good(
            f"{number} {what} {len(entries)} 条记录，内容和哈希一致", f"{len(entries)} entries of {number} have their hashes"
        )


def check_commitments(manifest: Dict[str, Any], say: Report) -> None:
    """Each file is the one that its entry committed to when it was written, and so is what the phone said of it."""
    entries = {entry["seq"]: entry for entry in manifest["entries"]}
    fitting, held = 0, 0
    for row in manifest["files"]:
        name, entry = row["name"], entries.get(row["entry"])
        data = entry["data"] if entry else {}
        files, taken = data.get("files", []), data.get("taken", [])
        mine = commitment(row["salt"], bytes.fromhex(row["sha256"]))
        if mine != row["commitment"] or (manifest["whole"] and mine not in files):
            say.bad(f"{name} 不是第 {row['entry']} 条记录所承诺的文件", f"{name} is not what entry {row['entry']} committed to")
            continue
        fitting += 1
        if row["claims"] is not None:
            said = commitment(row["claims_salt"], canonical(row["claims"]))
            beside = not manifest["whole"] or (said in taken and taken.index(said) == files.index(mine))
            if said != row["claims_commitment"] or not beside:
                say.bad(f"{name} 的手机时间、地点被改过", f"what the phone said of {name} was changed")
                continue
            held += 1
            if row["claims"].get("sha256", row["sha256"]) != row["sha256"]:
                say.bad(f"{name} 和手机上算的哈希不一致", f"{name} is not what the phone hashed")
    if fitting == len(manifest["files"]) and manifest["whole"]:
        say.good(f"{fitting} 个文件都是当时写进记录的那一个", f"all {fitting} files are those that the record committed to")
    if held:
        say.good(f"{held} 个文件的手机时间、地点、哈希没有改过", f"what phones said of {held} files is untouched")
    known = {row["commitment"] for row in manifest["files"]}
    left = sum(1 for entry in manifest["entries"] for one in entry["data"].get("files", []) if one not in known)
    if left:
        say.note(f"这些记录还有 {left} 个文件没有放进来（已遮蔽或没有选）", f"{left} more files of these entries are not in here")


def check_custody(manifest: Dict[str, Any], say: Report) -> None:
    """The way of each file from hand to hand is an unbroken chain."""
    steps = 0
    for row in manifest["files"]:
        name, prev = row["name"], GENESIS
        for number, step in enumerate(row["custody"], start=1):
            lines = [CUSTODY, row["commitment"], str(step["seq"]), step["step"], step["actor"], step["role"], step["at"]]
            lines += [step["why"], step["words"], step["prev"]]
            whole = step["seq"] == number and step["prev"] == prev and sha256("\n".join(lines).encode()) == step["hash"]
            if step["words"] and step.get("salt"):
                whole = whole and commitment(step["salt"], step["text"].encode()) == step["words"]
            if not whole:
                say.bad(f"{name} 的第 {number} 次经手记录被改过", f"step {number} in the way of {name} was changed")
                break
            prev, steps = step["hash"], steps + 1
        else:
            if not row["custody"] or row["custody"][0]["step"] != "received":
                say.bad(f"{name} 的经手记录没有从收到开始", f"the way of {name} does not begin with its receipt")
    say.good(f"{steps} 次经手一环扣一环", f"{steps} steps from hand to hand follow each other")


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> Optional[bytes]:
    """RFC 9162, 2.1.3.2: the root that follows from a leaf and its path; None when the path does not fit."""
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            found = node(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node(found, step)
        fn, sn = fn >> 1, sn >> 1
    return found if sn == 0 else None


# ── Ed25519, RFC 8032 5.1.7: checking only, so nothing here is secret ────────────────────────

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]


def _x(y: int, sign: int) -> Optional[int]:
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


def _point(held: bytes) -> Optional[Point]:
    if len(held) != 32:
        return None
    y = int.from_bytes(held, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _sum(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(many: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while many:
        if many & 1:
            found = _sum(found, point)
        point, many = _sum(point, point), many >> 1
    return found


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes are the signature of the message by the holder of this 32-byte public key."""
    key, given = _point(public), _point(signature[:32])
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if len(signature) != 64 or key is None or given is None or base is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, base), _sum(given, _times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def read_key(line: str) -> Tuple[str, bytes]:
    """(name, 32 bytes) from name+id+base64. Raises ValueError."""
    name, _, rest = line.strip().partition("+")
    held = base64.b64decode(rest.partition("+")[2], validate=True)
    if len(held) != 33 or held[:1] != b"\x01":
        raise ValueError("the key cannot be read")
    return name, held[1:]


def fingerprint(public: bytes) -> str:
    """24 signs of a key, to be compared by eye with what the county printed."""
    bits = int.from_bytes(hashlib.sha256(public).digest()[:15], "big")
    signs = "".join(ALPHABET[bits >> shift & 31] for shift in range(115, -1, -5))
    return "-".join(signs[at : at + 4] for at in range(0, 24, 4))


def is_signed(text: str, key: Tuple[str, bytes]) -> bool:
    """Whether a checkpoint (four lines, a blank one, signatures) was signed with the key, under the key's own name."""
    name, public = key
    body, blank, rest = text.strip("\n").partition("\n\n")
    if not blank or len(body.split("\n")) != 4 or body.split("\n")[0] != name:
        return False
    hint = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    for line in rest.split("\n"):
        signer, _, held = line[len(DASH) :].partition(" ")
        if not line.startswith(DASH) or signer != name:
            continue
        given = base64.b64decode(held)
        if given[:4] == hint and ed25519_verify(public, (body + "\n").encode(), given[4:]):
            return True
    return False


def check_list(manifest: Dict[str, Any], say: Report, trusted: str) -> None:
    """The list itself was signed by the county when the bundle was made. Without that anybody could have written all of it."""
    public = read_key(trusted or manifest["key"])[1]
    held = base64.b64decode(manifest.get("signature", ""), validate=True)
    body = canonical({name: value for name, value in manifest.items() if name != "signature"})
    if held and ed25519_verify(public, LIST_MARK + body, held):
        say.signed = True
        say.good("整张清单是这把钥匙签的", "the list as a whole was signed with this key")
        mark = fingerprint(public)
        if trusted:
            say.good(f"钥匙是您给的，指纹 {mark}", f"the key is the one you gave, fingerprint {mark}")
        else:
            say.note(
                f"钥匙是包里带的，请把指纹和县里公布的比一比：{mark}",
                f"the key came with the bundle: compare its fingerprint {mark}",
            )
    elif held or trusted:
        say.bad("清单不是这把钥匙签的", "the list was not signed with this key")
    else:
        say.note("清单没有签名：里面的每一样，任何人都写得出来", "the list is not signed: anybody could have written all of it")


def check_log(manifest: Dict[str, Any], say: Report, wanted: str, trusted: str) -> None:
    """The entries stand in the record's tree under a signed checkpoint."""
    key = read_key(trusted or manifest["key"])
    signed: Dict[str, bool] = {}
    proven, without = 0, 0
    roots = set()
    for entry in manifest["entries"]:
        proof = entry.get("proof")
        if not proof:
            without += 1
            continue
        text = f"huiyin/1 entry {entry['case']} {manifest['case']['number']} {entry['seq']} {entry['hash']}"
        leaf = hashlib.sha256(b"\x00" + text.encode()).digest()
        lines = proof["checkpoint"].split("\n")
        size, root = int(lines[1]), base64.b64decode(lines[2])
        path = [bytes.fromhex(step) for step in proof["path"]]
        if proof["checkpoint"] not in signed:
            signed[proof["checkpoint"]] = is_signed(proof["checkpoint"], key)
        if not signed[proof["checkpoint"]]:
            say.bad(
                f"第 {entry['seq']} 条记录的检查点不是这把钥匙签的",
                f"the checkpoint over entry {entry['seq']} was not signed with this key",
            )
            continue
        if size != proof["size"] or root_from(leaf, proof["index"], size, path) != root:
            say.bad(f"第 {entry['seq']} 条记录不在它所说的检查点里", f"entry {entry['seq']} is not under its checkpoint")
            continue
        proven += 1
        roots.add((size, root.hex(), lines[0], lines[3]))
    if proven:
        say.good(f"{proven} 条记录在签了名的检查点之下", f"{proven} entries stand under signed checkpoints")
        if trusted:
            say.good("检查点是您给的钥匙签的", "the checkpoints were signed with the key you gave")
    if without:
        say.note(f"{without} 条记录做包时还没有进检查点", f"{without} entries were not yet under a checkpoint when this was made")
    for size, held, origin, at in sorted(roots):
        say.note(
            f"请和 {origin} 公布的比一比：{at} 共 {size} 条，根 {held}", f"compare with {origin}: {at}, size {size}, root {held}"
        )
    if wanted:
        if wanted.lower() in {found for _, found, _, _ in roots}:
            say.good("和您给的根一致", "the root is the one you gave")
        else:
            say.bad("和您给的根不一致", "no root is the one you gave")


def check(place: Path, root: str = "", key: str = "") -> Report:
    """Say all that was found; how many things are wrong, and whether the list was signed."""
    try:
        bundle = Bundle(place)
        with bundle.open("manifest.json") as stream:
            manifest = json.loads(stream.read().decode())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{place}: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Unreadable(f"{place}: manifest.json")
    say = Report()
    made = manifest["made"]
    print(plain(f"证据包 {manifest['case']['number']}，{made['at']} 由 {made['by']} 制作  |  made {made['at']}"))
    try:
        check_list(manifest, say, key)
        check_files(bundle, manifest, say)
        check_entries(manifest, say)
        check_commitments(manifest, say)
        check_custody(manifest, say)
        check_log(manifest, say, root, key)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        say.bad(f"清单读不通：{error!r}", f"the list cannot be followed: {error!r}")
    return say


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="核对证据包 / check an evidence bundle")
    parser.add_argument("bundle", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--root", default="", help="另外得到的检查点的根 / a root that you have from elsewhere")
    parser.add_argument("--key", default="", help="另外得到的公钥 / a public key that you have from elsewhere")
    asked = parser.parse_args(argv)
    try:
        found = check(Path(asked.bundle), asked.root, asked.key)
    except Unreadable as trouble:
        print(plain(f"打不开，或者不是证据包 / cannot be read, or is no bundle: {trouble}"))
        return 2
    if found.wrong:
        print(f"有 {found.wrong} 处不符，不能当作没有改过。  |  {found.wrong} things do not agree.")
        return 1
    if not found.signed:
        print(
            "彼此相符，但清单没有县里的签名，不能证明没有改过。  |  It agrees with itself, but nothing shows that the county made it."
        )
        return 1
    print("全部相符：文件、记录、经手都没有改过。  |  Everything agrees.")
    print("这只证明写下之后没有改过；当时写的是不是真的，这个程序看不出来。  |  It proves no change since, not truth then.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
