"""The house keeps its own rules: arrows, rooms, documented settings, nothing left to do, nothing that names a registry."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
ROOMS = {"rules", "records", "adapters", "selectors", "services", "web", "api", "jobs", "sim", "seed", "config"}
DOORS = {"__init__.py", "cli.py", "launcher.py"}
# Assembled, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.org/debian"))
)
LEFT_TO_DO = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|farm)/")
MADE_HERE = {
    ".venv",
    "var",
    ".git",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "shots",
    "build",
    "dist",
}
TEXTS = {".py", ".md", ".toml", ".txt", ".lock", ".html", ".css", ".js", ".yml", ".yaml", ".po", ".json", ".svg", ""}


def tracked() -> list[Path]:
    """Files of the repository that hold text; where git does not tell, all but what is made here."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=HERE, capture_output=True, check=False) if shutil.which("git") else None
    if told is not None and told.returncode == 0:
        files = [HERE / name for name in told.stdout.decode().split("\0") if name]
    else:
        files = [file for file in HERE.rglob("*") if not MADE_HERE & set(file.relative_to(HERE).parts)]
    return [file for file in files if file.suffix in TEXTS and file.is_file()]


def python_files() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((HERE / "huiyin").rglob("*.py")):
        if "migrations" not in file.parts:
            yield file, ast.parse(file.read_text(encoding="utf-8"))


#: Days that are none of a moment, or whose moment is local already.
DAYS_OF_NO_MOMENT = {
    "calendar.add_workdays(_noon(day), days).date()",
    "cell.date()",
    "here.date()",
    "local.date()",
    "start.date()",
}


def test_the_day_of_a_moment_is_the_day_in_beijing() -> None:
    """Times are kept in UTC, where the day begins at eight in the morning: `.date()` of one is wrong for a third of the day."""
    found = []
    for file, tree in python_files():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date" and not node.args:
                said, of = ast.unparse(node), ast.unparse(node.func.value)
                if said not in DAYS_OF_NO_MOMENT and not re.search(r"astimezone\(|local\(|timedelta\(hours=8\)", of):
                    found.append(f"{file.relative_to(HERE)}:{node.lineno}: {said}")
    assert [one for one in found if not one.startswith("huiyin/sim/")] == []


def found_in(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(HERE)}:{number}: {line.strip()[:90]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_a_room_imports_only_rooms_below_it() -> None:
    told = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_every_file_lies_in_a_room() -> None:
    outside = {path.name for path in (HERE / "huiyin").iterdir() if path.name != "__pycache__"} - ROOMS - DOORS
    assert outside == set()


def test_tests_lie_in_the_same_rooms() -> None:
    beside = {path.name for path in (HERE / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert beside <= ROOMS | {"journeys", "faults", "bench", "tools"}


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(file.relative_to(HERE)) for file, tree in python_files() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    read = {
        node.value
        for file, tree in python_files()
        if "settings" in file.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"HUIYIN_[A-Z_]+", node.value)
    }
    documented = set(
        re.findall(r"^\| `(HUIYIN_[A-Z_]+)`", (HERE / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert documented == read


def test_only_the_settings_and_the_commands_read_the_environment() -> None:
    allowed = {"environment.py", "settings.py", "cli.py", "launcher.py", "wsgi.py", "gateway.py", "demo.py"}
    readers = {
        str(file.relative_to(HERE))
        for file, tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and file.name not in allowed
    }
    assert readers == set()


def test_no_file_names_a_registry_or_one_machine() -> None:
    files = tracked()
    assert found_in(REGISTRIES, files) == []
    assert found_in(OF_ONE_MACHINE, [file for file in files if file.name != "LICENSE"]) == []


def test_nothing_is_left_to_do() -> None:
    assert (
        found_in(LEFT_TO_DO, [file for file in tracked() if "vendor" not in file.parts and file.suffix not in {".lock", ".svg"}])
        == []
    )


def test_no_error_is_swallowed() -> None:
    swallowed = [
        f"{file.relative_to(HERE)}:{node.lineno}"
        for file, tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
    ]
    assert swallowed == []


def test_no_signal_is_connected_but_the_one_that_makes_the_triggers() -> None:
    connected = [
        str(file.relative_to(HERE))
        for file, tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "connect"
        and ast.unparse(node.value).endswith(("_migrate", "_save", "_delete", "_init"))
    ]
    assert connected in ([], ["huiyin/records/apps.py"])


def test_every_vendored_file_stands_in_the_manifest_as_it_is() -> None:
    vendor = HERE / "huiyin" / "web" / "static" / "vendor"
    manifest = json.loads((vendor / "THIRD_PARTY.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file["sha256"] for entry in manifest for file in entry["files"]}
    there = {
        str(file.relative_to(vendor.parent)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in vendor.rglob("*")
        if file.is_file() and file.name != "THIRD_PARTY.json"
    }
    assert {path: digest for path, digest in listed.items() if path.startswith("vendor/")} == there
    assert [entry["name"] for entry in manifest if not entry["licence"]] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_every_package_by_hash(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) > 20
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_two_commands_are_sound_for_the_plainest_shell() -> None:
    assert subprocess.run(["sh", "-n", HERE / "run"], check=False).returncode == 0
    assert (HERE / ".ci" / "run").read_text(encoding="utf-8").strip().endswith("exec ./run test")


def test_every_promise_about_bad_input_names_tests_that_are_there() -> None:
    page = (HERE / "docs" / "bad-input.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", page)
    assert len(named) > 40
    for path, name in named:
        file = HERE / "tests" / path
        assert file.is_file() and f"\ndef {name}(" in file.read_text(encoding="utf-8"), f"{path}::{name}"
