"""The entry for WSGI servers. `huiyin up` and `huiyin demo` start granian with it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")

application = get_wsgi_application()
