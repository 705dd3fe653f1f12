"""What is still Chinese on a page that is read in English, apart from marked parts and proper names and laws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from huiyin.records.models import Body, Community, Compound, County, LegalBasis, Person

CHINESE = re.compile("[\u3400-\u9fff，。；：？！、（）]+")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Heard(HTMLParser):
    """The texts and attributes of a page that are read as English: what does not stand in a part marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        marked = (given.get("lang") or "").startswith("zh") or (self._marked() and "lang" not in given)
        if not marked:
            self.texts += [value for name, value in attrs if value and name not in {"href", "action"}]
        if tag not in VOID:
            self.open.append((tag, marked))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if not self._marked():
            self.texts.append(data)

    def _marked(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def left_in_chinese(page: str, names: list[str]) -> list[str]:
    """Chinese texts of a page that are neither marked as Chinese nor made of these names."""
    heard = Heard()
    heard.feed(page)
    texts = []
    for text in heard.texts:
        for name in names:
            text = text.replace(name, "")
        texts += CHINESE.findall(text)
    return sorted(set(texts))


def proper_names() -> list[str]:
    """What keeps its Chinese name everywhere, longest first."""

    def all_of() -> Iterator[str]:
        yield from County.objects.values_list("name", flat=True)
        for model, fields in (
            (Body, ("name", "short_name")),
            (Community, ("name", "station_name", "station_address", "station_hours")),
            (Compound, ("name", "address")),
            (Person, ("name",)),
            (LegalBasis, ("law", "article", "applies")),
        ):
            for row in model.objects.values_list(*fields):
                yield from row

    return sorted({name for name in all_of() if name and CHINESE.search(name)}, key=len, reverse=True)
