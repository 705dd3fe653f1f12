"""What docs/install.md tells to do with backups is done here as it stands there, beside a write-ahead log that a power cut left."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / "docs" / "install.md"


def commands(containing: str) -> str:
    (block,) = [
        block for block in re.findall(r"```sh\n(.*?)```", INSTALL.read_text(encoding="utf-8"), re.DOTALL) if containing in block
    ]
    return str(block)


def sh(script: str, data: Path, backup: Path) -> None:
    """The commands of the document, on other places; stopping a service and giving files to its user need a machine that has them."""
    script = script.replace("/var/lib/huiyin", str(data)).replace("/备份", str(backup))
    kept = [line for line in script.splitlines() if not line.startswith(("systemctl", "chown"))]
    subprocess.run(["sh", "-eu", "-c", "\n".join(kept)], check=True, cwd="/")


def texts(database: Path) -> tuple[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        return sound, connection.execute("SELECT count(*) FROM t").fetchone()[0]


@pytest.fixture
def _shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody installed SQLite's shell, Python's own SQLite does its one command."""
    if shutil.which("sqlite3") is not None:
        return
    file = tmp_path / "bin" / "sqlite3"
    file.parent.mkdir()
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2].split()[1]))"
    file.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{script}' \"$@\"\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:{os.environ['PATH']}")


@pytest.mark.usefixtures("_shell")
def test_a_backup_that_is_brought_back_as_the_document_says_is_what_was_backed_up(tmp_path: Path) -> None:
    data, backup, left = tmp_path / "data", tmp_path / "backup", tmp_path / "left"
    for folder in (data / "files", data / "checkpoints", backup, left):
        folder.mkdir(parents=True)
    (data / "files" / "photo").write_text("a photo")
    database = data / "huiyin.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, words TEXT)")
        connection.execute("CREATE INDEX i ON t (words)")
        connection.executemany("INSERT INTO t (words) VALUES (?)", [(f"m{n:05}",) for n in range(2000)])
        connection.commit()
        sh(commands(".backup"), data, backup)
        connection.executemany("INSERT INTO t (words) VALUES (?)", [(f"z{n:05}",) for n in range(20000)])
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.executemany("INSERT INTO t (words) VALUES (?)", [(f"a{n:05}",) for n in range(50)])
        connection.commit()
        for suffix in ("", "-wal"):  # the power is cut here
            shutil.copy(f"{database}{suffix}", left)
    for file in left.iterdir():
        shutil.copy(file, data)
    (data / "files" / "photo").unlink()
    sh(commands("cp -a /备份/files"), data, backup)
    assert texts(database) == ("ok", 2000)
    assert (data / "files" / "photo").read_text() == "a photo"
    assert not [file for file in backup.rglob("*.sqlite3") if file.stat().st_mode & 0o077], "nobody else reads the backup"
