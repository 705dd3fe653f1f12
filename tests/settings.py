"""The product's settings as tests use them: mode test, a data directory of this run alone, PostgreSQL when a test database is named."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="huiyin-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
for _name in [
    name for name in os.environ if name.startswith("HUIYIN_") and name not in {"HUIYIN_TEST_DATABASE_URL", "HUIYIN_NO_SKIPS"}
]:
    del os.environ[_name]
os.environ["HUIYIN_MODE"] = "test"
os.environ["HUIYIN_DATA"] = _data
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")  # each may have a server of its own: ./run test names it by {worker}
os.environ["HUIYIN_DATABASE_URL"] = os.environ.get("HUIYIN_TEST_DATABASE_URL", "").replace("{worker}", _worker)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests.

from huiyin.config.settings import *  # noqa: E402, F403, the environment has to stand first

for _directory in (HUIYIN_UPLOADS, HUIYIN_INCOMING, STATIC_ROOT):  # noqa: F405, from the line above
    _directory.mkdir(parents=True, exist_ok=True)
