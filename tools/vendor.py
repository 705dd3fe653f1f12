"""Fetches the front-end files of others at pinned versions, writes what was taken into THIRD_PARTY.json, and draws the sprite.

A maintainer's tool: it needs npm. Nobody who installs Huiyin runs it, and a test compares the hashes it wrote with the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "huiyin" / "web" / "static"
VENDOR = WEB / "vendor"
OWN_SYMBOLS = Path(__file__).with_name("own_symbols.svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One npm package: the files taken from it and the edits made so that Chrome 69 can read them."""

    name: str
    npm: str
    version: str
    licence: str
    files: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()


PACKAGES = (
    Package(
        name="htmx",
        npm="htmx.org",
        version="2.0.11",
        licence="0BSD",
        files=("dist/htmx.min.js",),
        edits=(
            ("g?.swapDelay&&g.swapDelay>0", "g&&g.swapDelay&&g.swapDelay>0"),
            ('s.push=s.push??"true"', 's.push=s.push==null?"true":s.push'),
        ),
    ),
    Package(
        name="leaflet",
        npm="leaflet",
        version="1.9.4",
        licence="BSD-2-Clause",
        files=(
            "dist/leaflet.js",
            "dist/leaflet.css",
            "dist/images/layers.png",
            "dist/images/layers-2x.png",
            "dist/images/marker-icon.png",
        ),
        # Django's hashed static files would look for a map that is not shipped.
        edits=(("\n//# sourceMappingURL=leaflet.js.map", "\n"),),
    ),
)
LUCIDE = Package(name="lucide", npm="lucide-static", version="1.62.0", licence="ISC", files=())
ICONS = Path(__file__).with_name("icons.txt").read_text("utf-8").split()


def fetch(package: Package, into: Path) -> Path:
    """The unpacked package. npm pack checks the registry's own hash; it runs no scripts."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.npm}@{package.version}"], cwd=into, check=True, capture_output=True, text=True
    )
    with tarfile.open(into / done.stdout.split()[-1]) as archive:
        archive.extractall(into / package.name, filter="data")
    return into / package.name / "package"


def taken(package: Package, source: Path) -> list[dict[str, str]]:
    """Copies the files with their edits and the licence to vendor/<name>-<version>/; answers path and SHA-256 of each."""
    home = VENDOR / f"{package.name}-{package.version}"
    rows = []
    for file in (*package.files, "LICENSE"):
        content = (source / file).read_bytes()
        for old, new in package.edits if file == package.files[0] else ():
            if content.count(old.encode()) != 1:
                raise ValueError(f"{package.name}: an edit no longer fits: {old}")
            content = content.replace(old.encode(), new.encode())
        target = home / file.removeprefix("dist/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        rows.append({"path": str(target.relative_to(WEB)), "sha256": hashlib.sha256(content).hexdigest()})
    return rows


def sprite(source: Path) -> str:
    """One SVG with a symbol for every icon: our own from own_symbols.svg first, then the chosen ones of Lucide."""
    symbols = OWN_SYMBOLS.read_text("utf-8").splitlines()[1:-1]
    for name in ICONS:
        svg = re.sub(r"<!--.*?-->", "", (source / "icons" / f"{name}.svg").read_text("utf-8"), flags=re.S)
        inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(line.strip() for line in inside.splitlines())}</symbol>'
        )
    said = "<!-- Made by tools/vendor.py. Lucide, ISC, see sprite-LICENCE.txt; mark and s-* are Huiyin's own. -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{said}\n' + "\n".join(symbols).replace(" />", "/>") + "\n</svg>\n"


def draw_sprite(source: Path) -> list[dict[str, str]]:
    """Writes the sprite and its licence; answers path and SHA-256 of both."""
    said = (
        f"sprite.svg contains icons of Lucide (lucide-static {LUCIDE.version}), unchanged but for standing in <symbol> elements.\n"
        "The symbols mark and s-* are drawn for Huiyin and are no part of Lucide.\n" + "-" * 72 + "\n\n"
    )
    files = {"sprite.svg": sprite(source), "sprite-LICENCE.txt": said + (source / "LICENSE").read_text("utf-8")}
    for name, text in files.items():
        (WEB / "huiyin" / name).write_text(text, "utf-8")
    return [{"path": f"huiyin/{name}", "sha256": hashlib.sha256(text.encode()).hexdigest()} for name, text in files.items()]


def entry(package: Package, files: list[dict[str, str]]) -> dict[str, object]:
    """What THIRD_PARTY.json says about one package."""
    about = {"name": package.name, "npm": package.npm, "version": package.version, "licence": package.licence}
    return {**about, "edits": [{"from": old.strip(), "to": new.strip()} for old, new in package.edits], "files": files}


def main() -> None:
    """Fetch everything anew."""
    with tempfile.TemporaryDirectory() as scratch:
        into = Path(scratch)
        entries = [entry(package, taken(package, fetch(package, into))) for package in PACKAGES]
        entries.append(entry(LUCIDE, draw_sprite(fetch(LUCIDE, into))))
    VENDOR.mkdir(exist_ok=True)
    (VENDOR / "THIRD_PARTY.json").write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write("".join(f"{row['name']} {row['version']}\n" for row in entries))


if __name__ == "__main__":
    main()
