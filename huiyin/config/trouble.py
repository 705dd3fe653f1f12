"""The one exception that tells the person at the terminal why the installation cannot be served."""

from __future__ import annotations


class NotReady(Exception):
    """The text says why, and what to do."""
