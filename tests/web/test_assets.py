"""The files a page is drawn with: built ones are current, vendored ones are the pinned ones, and old engines can read them all."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "huiyin" / "web" / "static"
TEMPLATES = ROOT / "huiyin" / "web" / "templates"
STYLES = sorted((STATIC / "huiyin" / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "huiyin").rglob("*.js"))
VENDORED = json.loads((STATIC / "vendor" / "THIRD_PARTY.json").read_text("utf-8"))

CSS_TOO_NEW = {
    "flex gap": r"(?<![-\w])gap\s*:",
    ":has": r":has\(",
    ":is": r":(is|where)\(",
    "nesting": r"\{[^{}@]*&",
    "inset property": r"[;{]\s*inset\s*:",
    "aspect-ratio": r"aspect-ratio\s*:",
    "logical shorthands": r"(padding|margin|border)-(inline|block)\b",
    "@supports": "@supports",
    "@layer": "@layer|@container",
    "math functions": r"\b(min|max|clamp)\([^)]*[a-z%]",
    "viewport units": r"\d(dvh|svh|lvh)\b",
    "color-mix": r"color-mix|oklch|lch\(",
}
JS_TOO_NEW = {
    "optional chaining": r"\?\.[A-Za-z_$\[(]",
    "nullish coalescing": r"\?\?",
    "private fields": r"(this\.|^\s+)#\w",
    "logical assignment": r"(\|\||&&)=",
    "numeric separators": r"\b\d+_\d",
    "top-level await": r"^await ",
    "newer methods": r"\.(replaceAll|matchAll|flatMap|at|arrayBuffer|replaceChildren|requestSubmit|allSettled|fromEntries)\(",
    "newer globals": r"\b(structuredClone|globalThis|BroadcastChannel|randomUUID|queueMicrotask|OffscreenCanvas|createImageBitmap)\b",
    "subtle": r"crypto\.subtle",
    "lookbehind": r"\(\?<[=!]",
    "inline markup": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
}


def test_the_stylesheet_is_the_one_that_its_parts_make() -> None:
    built = subprocess.run(
        [sys.executable, "-c", "import build_css; print(build_css.built(), end='')"],
        cwd=ROOT / "tools",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (STATIC / "huiyin" / "huiyin.css").read_text("utf-8") == built, "run tools/build_css.py"


def test_the_stylesheets_stay_small() -> None:
    assert sum(path.stat().st_size for path in STYLES) <= 40 * 1024


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_old_engines_read_every_style(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert not {name for name, pattern in CSS_TOO_NEW.items() if re.search(pattern, text)}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_old_engines_read_every_script(path: Path) -> None:
    text = re.sub(r"//.*", "", path.read_text("utf-8"))
    assert not {name for name, pattern in JS_TOO_NEW.items() if re.search(pattern, text, flags=re.M)}
    classes = re.findall(r"^(?:export )?class .*?^}", text, flags=re.M | re.S)
    assert not [body for body in classes if re.search(r"^  (static )?\w+ = ", body, flags=re.M)], "class fields"


def test_only_tokens_hold_colours() -> None:
    found = {path.name for path in STYLES if re.search(r"#[0-9a-f]{6}\b|rgba?\(", path.read_text("utf-8"))}
    assert found <= {"tokens.css"}


def test_every_variable_in_use_is_a_token() -> None:
    everything = "".join(path.read_text("utf-8") for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", everything))
    assert used <= set(re.findall(r"(--[\w-]+)\s*:", everything))


@pytest.mark.parametrize("package", VENDORED, ids=lambda package: package["name"])
def test_vendored_files_are_the_ones_that_were_taken(package: dict[str, list[dict[str, str]]]) -> None:
    for row in package["files"]:
        assert hashlib.sha256((STATIC / row["path"]).read_bytes()).hexdigest() == row["sha256"], row["path"]


def test_every_vendored_file_is_named_with_its_licence() -> None:
    named = {row["path"] for package in VENDORED for row in package["files"]}
    found = {str(path.relative_to(STATIC)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert found - named == {"vendor/THIRD_PARTY.json"}
    assert all(package["licence"] and package["version"] for package in VENDORED)
    assert all(any("LICEN" in row["path"] for row in package["files"]) for package in VENDORED)


def test_vendored_scripts_are_readable_by_old_engines() -> None:
    for path in (STATIC / "vendor").rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(r"\?\.[A-Za-z_$\[(]|\?\?|(\|\||&&)=[^=]", text), path.name
        assert "sourceMappingURL" not in text, f"{path.name}: hashed static files would look for the map"


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "huiyin" / "sprite.svg").read_text("utf-8")))
    asked = set()
    for path in TEMPLATES.rglob("*.html"):
        asked |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8")))
    for path in SCRIPTS:
        asked |= set(re.findall(r'(?:icon|show|line)\("([\w-]+)"', path.read_text("utf-8")))
    assert asked <= sprite, f"add to tools/icons.txt and run tools/vendor.py: {sorted(asked - sprite)}"


def test_every_word_a_script_says_is_in_the_words() -> None:
    words = set(re.findall(r"data-([a-z]+)=", (TEMPLATES / "parts" / "words.html").read_text("utf-8")))
    said = {word for path in SCRIPTS for word in re.findall(r'say\("(\w+)"', path.read_text("utf-8"))}
    assert said <= words
    assert words - said <= {"busy", "down", "stuck", "waiting", "fix", "held"}, "a word nobody says"


def test_no_template_carries_script_or_style() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=\"|javascript:", text
        ), path


class _Buttons(HTMLParser):
    """The buttons of a page that only a script hears, and whether they stand in what is shown only where scripts run."""

    VOID = frozenset(("img", "input", "link", "meta", "br", "hr", "use", "path"))

    def __init__(self) -> None:
        super().__init__()
        self.within: list[tuple[str, bool]] = []
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = "js-only" in (dict(attrs).get("class") or "").split()
        if tag == "button" and ("type", "button") in attrs:
            self.found.append((self.get_starttag_text() or "", kept or any(flag for _, flag in self.within)))
        if tag not in self.VOID:
            self.within.append((tag, kept))

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass


# suggest.html comes by a script, which hears its buttons from outside.
@pytest.mark.parametrize(
    "path",
    [path for path in sorted(TEMPLATES.rglob("*.html")) if path.name != "suggest.html"],
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_a_button_that_only_a_script_hears_is_not_offered_before_the_script_came(path: Path) -> None:
    reading = _Buttons()
    reading.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text("utf-8")))
    assert [text for text, kept in reading.found if not kept] == []


def test_the_first_view_of_a_resident_weighs_little() -> None:
    first = ["huiyin/huiyin.css", "huiyin/sprite.svg", "huiyin/icon.svg"]
    scripts = ["app", "draft", "send", "store", "photos", "image", "dom", "suggest", "compound", "keys"]
    weighed = sum(
        len(gzip.compress((STATIC / name).read_bytes())) for name in [*first, *(f"huiyin/js/{name}.js" for name in scripts)]
    )
    assert weighed <= 40 * 1024
