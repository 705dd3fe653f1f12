"""Stories of cases are told in a whole small county."""

from tests.world import nothing_remembered, world

__all__ = ["nothing_remembered", "world"]
