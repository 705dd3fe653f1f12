"""The templates of documents: a county's own from the folder `documents` of its data directory, else those that are shipped."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from django.conf import settings

from huiyin.rules.documents.compose import Broken, Template, parse
from huiyin.rules.documents.kinds import KINDS, Kind

MAX_BYTES = 64 * 1024


def template(kind: Kind) -> Template:
    """The template in use for a kind, looked over. Raises Broken, with the line, for a county's own that cannot be used."""
    own = _own(kind.code)
    if own is None:
        return parse(f"{kind.code}.toml", shipped(kind), kind.names)
    made = parse(own.name, _read(own), kind.names)
    for slot in kind.slots:
        if slot.needed and slot.cites and slot.name not in made.names:
            raise Broken(own.name, 0, "缺少“{%(key)s}”：这是%(law)s要求写明的。", key=slot.name, law=slot.cites)
    return made


def shipped(kind: Kind) -> str:
    """The text of the template that comes with the product, to begin one's own from."""
    return (resources.files("huiyin.seed") / "documents" / f"{kind.code}.toml").read_text("utf-8")


def folder() -> Path:
    return Path(settings.HUIYIN_DATA) / "documents"


def own_ones() -> dict[str, Broken | None]:
    """Every template the county put in its folder, with what is wrong with it. A file that is named like no document is named too."""
    found: dict[str, Broken | None] = {}
    for file in sorted(folder().glob("*.toml")) if folder().is_dir() else ():
        if file.stem not in KINDS:
            found[file.name] = Broken(file.name, 0, "没有叫“%(key)s”的文书。", key=file.stem)
            continue
        try:
            template(KINDS[file.stem])
        except Broken as broken:
            found[file.name] = broken
        else:
            found[file.name] = None
    return found


def _own(code: str) -> Path | None:
    file = folder() / f"{code}.toml"
    return file if file.is_file() else None


def _read(file: Path) -> str:
    if file.stat().st_size > MAX_BYTES:
        raise Broken(file.name, 0, "文件太大，模板不超过 64 KB。")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Broken(file.name, line, "这一行有不认识的字符，请存成 UTF-8。") from error
