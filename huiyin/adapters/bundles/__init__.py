"""Evidence to take away: a zip that is written while it is read, with a program in it by which anybody can check it offline."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from huiyin.adapters.files import Original
from huiyin.rules.deadlines import SHANGHAI

CHECKER = Path(__file__).with_name("verify.py")
README = """证据包 {number}

这里有什么
  files/         证据原件，一个字节都没有改过
  manifest.json  清单：每个文件的 SHA-256、它属于哪一条记录、承诺值和盐、谁经手过
  verify.py      核对程序，只要有 Python 3.8 以上就能运行，不用联网，不用装别的

怎么核对
  解压后在这个文件夹里运行：  python3 verify.py
  它用大白话告诉您哪些相符、哪些不符。

原件里有手机写进去的定位、时间和机型，请按保密要求保管。

What this is
  files/ holds the originals, untouched; manifest.json says what each is, to which entry of the record it belongs and who held it;
  verify.py checks all of it offline with nothing but Python 3.8 or newer:  python3 verify.py
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A file that goes along under this name."""

    name: str
    content: Original


def stream(number: str, manifest: Mapping[str, Any], files: Iterable[Packed], at: datetime) -> Iterator[bytes]:
    """The zip, a chunk of a file in memory at a time. Raises FileNotFoundError and files.Damaged on the way."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast("IO[bytes]", pipe), "w", zipfile.ZIP_STORED) as archive:
        for name, text in (
            ("README.txt", README.format(number=number).encode()),
            ("verify.py", CHECKER.read_bytes()),
            ("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()),
        ):
            archive.writestr(_entry(name, at), text)
            yield pipe.taken()
        for file in files:
            info = _entry(file.name, at)
            info.file_size = file.content.size
            with archive.open(info, "w") as out:
                for piece in file.content.pieces():
                    out.write(piece)
                    yield pipe.taken()
            yield pipe.taken()
    yield pipe.taken()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.astimezone(SHANGHAI).timetuple()[:6])
    info.external_attr = 0o600 << 16
    return info


class _Pipe(io.RawIOBase):
    """What zipfile writes to: it cannot go back, and is emptied after every piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Held until it is taken."""
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self.pieces = b"".join(self.pieces), []
        return found
