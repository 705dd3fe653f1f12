"""A county that was set up moves to another installation: one archive of JSON files without passwords and without a case, and back again.

Two exports of the same county are the same bytes: rows are named by codes, never by numbers of one database, and nothing tells the time.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from huiyin.records.models import (
    Body,
    BoundaryQuestion,
    Case,
    Community,
    Compound,
    Contract,
    County,
    Designation,
    ElsewhereKind,
    Law,
    LegalBasis,
    ListItem,
    ListVersion,
    Person,
    Posting,
    PostingRequest,
    WorkDay,
)
from huiyin.selectors.memory import forget_after_commit
from huiyin.services.people import temporary_password
from huiyin.services.writing import writing

FORMAT = 1
MANIFEST = "manifest.json"
MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)

#: Files in the order in which their rows refer to each other. Every field of a model goes along but those of _LEFT.
FILES: Mapping[str, type[models.Model]] = {
    "bodies": Body,
    "people": Person,
    "communities": Community,
    "compounds": Compound,
    "contracts": Contract,
    "postings": Posting,
    "county": County,
    "workdays": WorkDay,
    "laws": Law,
    "designations": Designation,
    "versions": ListVersion,
    "items": ListItem,
    "bases": LegalBasis,
    "elsewhere": ElsewhereKind,
    "questions": BoundaryQuestion,
}
_LEFT: Mapping[type[models.Model], frozenset[str]] = {
    Person: frozenset({"password", "last_login", "must_change_password", "sessions", "created"})
}
#: How a row is named in others.
_NAMED: Mapping[type[models.Model], Callable[[Any], str]] = {
    Body: lambda row: str(row.code),
    Person: lambda row: str(row.username),
    Community: lambda row: str(row.slug),
    Compound: lambda row: str(row.code),
    ListVersion: lambda row: f"{row.listing}/{row.number}",
    ListItem: lambda row: f"{row.version.listing}/{row.version.number}/{row.code}",
}
#: What the project's own seeds fill; while there is nobody, nobody can have changed them.
_SEEDED: tuple[type[models.Model], ...] = (LegalBasis, ListItem, ListVersion, Law, WorkDay)
_OWN: tuple[type[models.Model], ...] = (County, Body, Community, Compound, Person, PostingRequest, Designation, Case)


class NotTaken(Exception):
    """The archive is not brought in and nothing was changed; `text`, with its values, is for people and translated where it is told."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many rows of each file; passwords: (user name, name, temporary password) of everybody who may sign in, told this once."""

    counted: Mapping[str, int]
    passwords: tuple[tuple[str, str, str], ...] = ()


class _OnlyChecked(Exception):
    """Gives the transaction up: nothing of what was checked stays."""


# ---- out --------------------------------------------------------------------------------------------------------------


def export() -> bytes:
    """Everything that was set up, as a zip: JSON files and a manifest with their SHA-256. Holds names and telephones of staff."""
    with writing():  # one view of all tables
        files = {f"{name}.json": _as_json(_rows(model)) for name, model in FILES.items()}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = _as_json({"format": FORMAT, "files": sums})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()


def _as_json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    left = _LEFT.get(model, frozenset())
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField) and field.name not in left]


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    fields = _fields(model)
    known = {one: _names(one) for one in {field.related_model for field in fields if field.related_model}}
    told = [{field.name: _out(field, row, known) for field in fields} for row in model._default_manager.all()]
    return sorted(told, key=lambda row: json.dumps(row, ensure_ascii=False, sort_keys=True))


def _names(model: Any) -> dict[int, str]:
    rows = model._default_manager.select_related("version") if model is ListItem else model._default_manager.all()
    return {row.pk: _NAMED[model](row) for row in rows}


def _out(field: models.Field[Any, Any], row: models.Model, known: Mapping[Any, Mapping[int, str]]) -> Any:
    value = getattr(row, field.attname)
    if field.related_model and value is not None:
        return known[field.related_model][value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# ---- in ---------------------------------------------------------------------------------------------------------------


def bring_in(*, archive: bytes, only_check: bool = False) -> Moved:
    """The same county on an empty installation, all of it or nothing. Nobody keeps a password: everybody who may sign in gets a
    temporary one. Only the server's own shell does this. Raises NotTaken."""
    files = _opened(archive)
    people = [row for row in _listed(files, "people") if row.get("is_active")]
    drawn = [] if only_check else [temporary_password() for _ in people]
    hashed = {str(row.get("username")): ready for row, (_word, ready) in zip(people, drawn, strict=False)}
    try:
        with writing():
            _insist_on_empty()
            counted = _write(files, hashed)
            if only_check:
                raise _OnlyChecked
            forget_after_commit()
    except _OnlyChecked:
        return Moved(counted=counted)
    except (KeyError, TypeError, ValueError, ValidationError, IntegrityError) as wrong:
        raise NotTaken("文件里的内容前后对不上，没有导入（%(kind)s）。", kind=type(wrong).__name__) from wrong
    told = tuple((row["username"], row["name"], word) for row, (word, _ready) in zip(people, drawn, strict=True))
    return Moved(counted=counted, passwords=told)


def _opened(archive: bytes) -> dict[str, Any]:
    """{file without .json: its content}, after size, format and checksums were looked at."""
    if len(archive) > MAX_BYTES:
        raise NotTaken("文件太大，不像是 huiyin export 写的。")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise NotTaken("这个文件解开以后大得不正常，没有打开。")
            contents = {name: packed.read(name) for name in packed.namelist()}
        manifest = json.loads(contents.pop(MANIFEST))
        version, sums = manifest["format"], dict(manifest["files"])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise NotTaken("这不是 huiyin export 写的文件，或者文件损坏了。") from None
    if not isinstance(version, int) or version > FORMAT:
        raise NotTaken("这个文件是更新的版本写的（格式 %(format)s），请先升级这里的系统。", format=version)
    _insist_on_sums(contents, sums)
    return {name: json.loads(contents[f"{name}.json"]) for name in FILES}


def _insist_on_sums(contents: Mapping[str, bytes], sums: Mapping[str, str]) -> None:
    wanted = {f"{name}.json" for name in FILES}
    if set(contents) == set(sums) and wanted > set(sums):
        raise _older(wanted - set(sums))
    if set(contents) != wanted or set(sums) != wanted:
        raise NotTaken("文件里少了或多了东西，没有导入。")
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise NotTaken("%(file)s 和清单里的校验值不一样：文件损坏了，或被改过。没有导入。", file=name)


def _older(missing: Iterable[str]) -> NotTaken:
    """What an earlier version wrote lacks what this one keeps; it is not guessed."""
    return NotTaken(
        "这个文件是旧版本的系统写的，里面还没有 %(missing)s，没有导入。请把原来的安装升级到这里的版本，再导出一次。",
        missing="、".join(sorted(missing)),
    )


def _listed(files: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    if not isinstance(files[name], list) or not all(isinstance(row, dict) for row in files[name]):
        raise NotTaken("%(file)s 的内容读不懂，没有导入。", file=f"{name}.json")
    return list(files[name])


def _insist_on_empty() -> None:
    if any(model._default_manager.exists() for model in _OWN):
        raise NotTaken("这里已经建了县、单位或人员，只能导入到空的安装里。")
    for model in _SEEDED:
        model._default_manager.all().delete()


def _write(files: Mapping[str, Any], hashed: Mapping[str, str]) -> dict[str, int]:
    known: dict[Any, dict[str, int]] = {}
    counted = {}
    for name, model in FILES.items():
        given = _listed(files, name)
        rows = [_row(model, one, known) for one in given]
        for row in rows:
            if isinstance(row, Person):
                row.password, row.must_change_password = hashed.get(row.username) or make_password(None), True
        made = model._default_manager.bulk_create(rows)
        if model in _NAMED:
            known[model] = {_NAMED[model](row): row.pk for row in made}
        if model is ListVersion:
            _base_versions(zip(made, given, strict=True), known[model])
        counted[name] = len(made)
    return counted


def _row(model: type[models.Model], given: Mapping[str, Any], known: Mapping[Any, Mapping[str, int]]) -> models.Model:
    fields = _fields(model)
    names = {field.name for field in fields}
    if set(given) < names:
        raise _older(names - set(given))
    if set(given) != names:
        raise ValueError("other fields than this version's")
    values: dict[str, Any] = {}
    for field in fields:
        value = given[field.name]
        if field.related_model is model:
            continue  # a version's own kind: see _base_versions
        if field.related_model and value is not None:
            value = known[field.related_model][value]
        values[field.attname] = value if field.related_model else field.to_python(value)
    row = model(**values)
    if isinstance(row, ListItem):
        row.version = ListVersion.objects.get(pk=row.version_id)
    return row


def _base_versions(pairs: Iterable[tuple[Any, Mapping[str, Any]]], known: Mapping[str, int]) -> None:
    """Which version a draft was made from, once all of them are there."""
    for row, given in pairs:
        if given["based_on"] is not None:
            ListVersion.objects.filter(pk=row.pk).update(based_on_id=known[given["based_on"]])
