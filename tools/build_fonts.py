"""Makes the fonts that documents are set in: subsets of free fonts out of Debian's packages, with their licences and a manifest.

A maintainer's tool: it needs Debian, apt-get and fonttools. Nobody who installs Huiyin runs it; a test compares the hashes it wrote.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "huiyin" / "adapters" / "documents" / "fonts"
#: Beyond GB 2312: characters of names that are met every day.
NAMES = "玥喆堃祎昇珺瑄翀旻彧玮晗昊婳嫄璟煜暄骁澍雱翊"
SIGNS = "—…‘’“”·×÷≤≥℃①②③④⑤⑥⑦⑧⑨⑩㎡□☑☐✓○●★№〇〔〕￥"
KEPT_FEATURES = ["kern", "vert", "vrt2", "locl", "palt", "halt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """One file to make. `rest`: only what the file of that name lacks of all the unified ideographs; `whole`: everything it has."""

    out: str
    package: str
    path: str
    number: int = -1
    licence: str
    licence_file: str
    rest: str = ""
    whole: bool = False
    renamed: str = ""  # the licence reserves its name for the unchanged font
    role: str


_NOTO = "usr/share/fonts/opentype/noto"
FILES = (
    Font(
        out="FandolFang-Regular.otf", package="texlive-lang-chinese", whole=True, role="仿宋",
        path="usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        licence="GPL-3.0 with font exception", licence_file="Fandol-COPYING.txt",
    ),
    Font(
        out="NotoSerifCJKsc-Regular.otf", package="fonts-noto-cjk", path=f"{_NOTO}/NotoSerifCJK-Regular.ttc", number=2,
        rest="FandolFang-Regular.otf", licence="OFL-1.1", licence_file="OFL-Noto.txt", role="what 仿宋 lacks; digits and Latin letters",
    ),
    Font(
        out="NotoSerifCJKsc-Bold.otf", package="fonts-noto-cjk", path=f"{_NOTO}/NotoSerifCJK-Bold.ttc", number=2,
        licence="OFL-1.1", licence_file="OFL-Noto.txt", role="小标宋",
    ),
    Font(
        out="NotoSansCJKsc-Regular.otf", package="fonts-noto-cjk", path=f"{_NOTO}/NotoSansCJK-Regular.ttc", number=2,
        licence="OFL-1.1", licence_file="OFL-Noto.txt", role="黑体",
    ),
    Font(
        out="HuiyinKai-Regular.ttf", package="fonts-lxgw-wenkai", path="usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        licence="OFL-1.1", licence_file="OFL-LXGW.txt", renamed="Huiyin Kai", role="楷体 (from LXGW WenKai)",
    ),
)  # fmt: skip


def main() -> None:
    FONTS.mkdir(parents=True, exist_ok=True)
    manifest = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        versions = {package: _fetch(package, root) for package in sorted({font.package for font in FILES})}
        for font in FILES:
            _make(font, root)
            manifest.append(
                {
                    "file": font.out,
                    "role": font.role,
                    "package": f"{font.package} {versions[font.package]}",
                    "licence": font.licence,
                    "licence_file": font.licence_file,
                    "sha256": hashlib.sha256((FONTS / font.out).read_bytes()).hexdigest(),
                }
            )
            print(font.out, (FONTS / font.out).stat().st_size)
        _licences(root)
    (FONTS / "THIRD_PARTY.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _fetch(package: str, root: Path) -> str:
    """The version that was unpacked under `root`."""
    subprocess.run(["apt-get", "download", package], cwd=root, check=True, capture_output=True)
    file = next(root.glob(f"{package}_*.deb"))
    subprocess.run(["dpkg-deb", "-x", file, root], check=True)
    shown = subprocess.run(["dpkg-deb", "-f", file, "Version"], check=True, capture_output=True, text=True)
    return shown.stdout.strip()


def everyday() -> set[int]:
    """GB 2312, signs and names."""
    codes = set(range(0x20, 0x7F)) | {ord(sign) for sign in NAMES + SIGNS}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                codes.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return codes


def _make(font: Font, root: Path) -> None:
    options = subset.Options()
    options.hinting, options.glyph_names, options.notdef_outline = False, False, True
    options.layout_features, options.name_IDs, options.font_number = KEPT_FEATURES, ["*"], font.number
    options.drop_tables += ["DSIG"]
    held = subset.load_font(str(root / font.path), options)
    codes = everyday()
    if font.rest:
        codes = (set(range(0x4E00, 0xA000)) - set(TTFont(FONTS / font.rest).getBestCmap())) | {
            code for code in codes if code < 0x4E00
        }
    if font.whole:
        codes |= set(held.getBestCmap())
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=codes)
    chosen.subset(held)
    if font.renamed:
        _rename(held, font.renamed)
    subset.save_font(held, str(FONTS / font.out), options)


def _rename(held: TTFont, family: str) -> None:
    names = held["name"]
    names.names = [record for record in names.names if record.nameID in {0, 2, 5, 13, 14}]
    for number, text in (
        (1, family),
        (3, f"{family} Regular"),
        (4, f"{family} Regular"),
        (6, family.replace(" ", "") + "-Regular"),
    ):
        names.setName(text, number, 3, 1, 0x409)


def _licences(root: Path) -> None:
    copying = next(root.rglob("fandol/COPYING.gz"))
    (FONTS / "Fandol-COPYING.txt").write_bytes(gzip.decompress(copying.read_bytes()))
    for package, out in (("fonts-noto-cjk", "OFL-Noto.txt"), ("fonts-lxgw-wenkai", "OFL-LXGW.txt")):
        (FONTS / out).write_bytes((root / "usr" / "share" / "doc" / package / "copyright").read_bytes())


if __name__ == "__main__":
    main()
