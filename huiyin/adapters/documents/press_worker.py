"""The child process that sets documents: one Typst compiler, kept warm, fed from standard input and killed when it takes too long.

Called as `python -I -m huiyin.adapters.documents.press_worker FONT_FOLDER…`. A request is a line of JSON {format, doc, files: {name:
base64}}; the answer a line of JSON {size} and that many bytes, or {error}. Nothing it is sent is run: `doc` is data for page.typ.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MEMORY_BYTES = 2 * 1024 * 1024 * 1024
#: By the role a font plays; the first that is installed wins, so that an office that owns the usual ones gets them.
FONTS = {
    "fangsong": ["FangSong_GB2312", "仿宋_GB2312", "FandolFang R", "Noto Serif CJK SC"],
    "xiaobiaosong": ["FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC"],
    "heiti": ["SimHei", "Noto Sans CJK SC", "Noto Serif CJK SC"],
    "kaiti": ["KaiTi_GB2312", "楷体_GB2312", "Huiyin Kai", "Noto Serif CJK SC"],
    "songti": ["SimSun", "Noto Serif CJK SC"],
}


class Press:
    """One warm compiler over a folder of its own; what is sent for one document is gone before the next."""

    def __init__(self, root: Path, fonts: list[str]) -> None:
        import typst

        self._root = root
        page = root / "page.typ"
        page.write_bytes((HERE / "page.typ").read_bytes())
        held = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*fonts, str(HERE / "fonts")])
        there = set(held.families())
        known = {role: [family for family in families if family in there] for role, families in FONTS.items()}
        self._fonts = json.dumps(known, ensure_ascii=False)
        self._compiler = typst.Compiler(input=str(page), root=str(root), font_paths=held, ignore_system_fonts=True)

    def set(self, request: dict[str, Any]) -> bytes:
        """The PDF, or the PNG of a document of one page."""
        files = [self._root / Path(name).name for name in request.get("files", {})]
        for file, content in zip(files, request.get("files", {}).values(), strict=True):
            file.write_bytes(base64.b64decode(content))
        try:
            inputs = {"doc": json.dumps(request["doc"], ensure_ascii=False), "fonts": self._fonts}
            options: dict[str, Any] = {"ppi": request["ppi"]} if "ppi" in request else {}
            if request["format"] == "pdf" and request["doc"].get("stamp"):
                options["pdf_standards"] = "a-2b"  # for archives: everything it needs to be read lies in the file (ISO 19005-2)
            made = self._compiler.compile(format=request["format"], sys_inputs=inputs, **options)
            return made if isinstance(made, bytes) else _framed(made or [])
        finally:
            for file in files:
                file.unlink(missing_ok=True)


def _framed(pages: list[bytes]) -> bytes:
    """Several pictures one after the other, each with its length in four bytes before it."""
    return b"".join(len(page).to_bytes(4, "big") + page for page in pages)


def main() -> int:
    """Answers until standard input is closed."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    out = sys.stdout.buffer
    with tempfile.TemporaryDirectory(prefix="huiyin-press-") as folder:
        press = Press(Path(folder), sys.argv[1:])
        for line in sys.stdin.buffer:
            try:
                made = press.set(json.loads(line))
            except Exception as error:  # noqa: BLE001, whatever Typst stumbles over is told and the next document is set
                out.write(json.dumps({"error": f"{type(error).__name__}: {error}"[:500]}).encode() + b"\n")
            else:
                out.write(json.dumps({"size": len(made)}).encode() + b"\n" + made)
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
