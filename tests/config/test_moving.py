"""`huiyin export` and `huiyin import` at the terminal: what is written is for its owner alone, and what goes wrong says so by its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BARE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def huiyin(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "HUIYIN_DATA": str(place),
        "HUIYIN_KEY_FILE": str(place / "keys" / "huiyin.key"),
        "HUIYIN_HOSTS": "huiyin.example.cn",
        "HUIYIN_PROXY": "127.0.0.1",
    }
    command = [sys.executable, "-m", "huiyin.cli", *words]
    return subprocess.run(command, env=BARE | variables, capture_output=True, text=True, timeout=120, check=False)


def test_an_archive_goes_out_to_its_owner_alone_and_into_an_empty_place(tmp_path: Path) -> None:
    here, there, archive, copy = tmp_path / "here", tmp_path / "there", tmp_path / "county.zip", tmp_path / "copy.zip"
    assert huiyin(here, "init").returncode == 0
    assert huiyin(here, "export", str(archive)).returncode == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    again = huiyin(here, "export", str(archive))
    assert again.returncode == 2 and "cannot be written" in again.stderr
    checked, brought = huiyin(there, "import", str(archive), "--check"), huiyin(there, "import", str(archive))
    assert (checked.returncode, brought.returncode) == (0, 0) and "items" in brought.stdout
    assert huiyin(there, "export", str(copy)).returncode == 0
    assert copy.read_bytes() == archive.read_bytes()


def test_what_cannot_be_taken_is_said(tmp_path: Path) -> None:
    junk = tmp_path / "junk.zip"
    junk.write_bytes(b"MZ")
    refused, absent = huiyin(tmp_path / "a", "import", str(junk)), huiyin(tmp_path / "a", "import", str(tmp_path / "none.zip"))
    assert refused.returncode == 1 and "不是 huiyin export" in refused.stderr
    assert absent.returncode == 2 and "cannot be read" in absent.stderr
