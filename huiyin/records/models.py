"""Where Django looks for tables: gathers them from the files by subject."""

from huiyin.records.cases import (
    Attachment,
    Case,
    Delivery,
    Entry,
    Notice,
    Party,
    Publication,
    Replay,
    Report,
    Reporter,
    Sight,
    Suggestion,
    Words,
)
from huiyin.records.house import Alarm, Heartbeat, Installation, TableImport, Throttle
from huiyin.records.lists import Designation, Law, LegalBasis, ListItem, ListVersion, Settlement, TriageModel
from huiyin.records.log import Checkpoint, Leaf, LogState, Mark, Node
from huiyin.records.people import Body, Contract, Person, Posting, PostingRequest
from huiyin.records.places import Community, Compound, County, WorkDay

__all__ = [
    "Alarm",
    "Attachment",
    "Body",
    "Case",
    "Checkpoint",
    "Community",
    "Compound",
    "Contract",
    "County",
    "Delivery",
    "Designation",
    "Entry",
    "Heartbeat",
    "Installation",
    "Law",
    "Leaf",
    "LegalBasis",
    "ListItem",
    "ListVersion",
    "LogState",
    "Mark",
    "Node",
    "Notice",
    "Party",
    "Person",
    "Posting",
    "PostingRequest",
    "Publication",
    "Replay",
    "Report",
    "Reporter",
    "Settlement",
    "Sight",
    "Suggestion",
    "TableImport",
    "Throttle",
    "TriageModel",
    "Words",
    "WorkDay",
]
