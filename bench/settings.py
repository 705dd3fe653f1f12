"""The product's settings with the bench's two extra addresses. The environment names a data directory of the run alone."""

from huiyin.config.settings import *  # noqa: F403, the product's settings as they are

ROOT_URLCONF = "bench.urls"
