"""The only writer of cases and their ledger: reports come in, acts are judged and recorded, copies and messages follow in the same
transaction."""

from huiyin.services.cases.acting import Done, act
from huiyin.services.cases.identity import Identity, disclose, reissue, reveal_for_call
from huiyin.services.cases.intake import Receipt, join, open_case, receipt_of
from huiyin.services.cases.outgoing import delivered
from huiyin.services.cases.record import Conflict, Missing, NotFound
from huiyin.services.cases.uploads import upload

__all__ = [
    "Conflict",
    "Done",
    "Identity",
    "Missing",
    "NotFound",
    "Receipt",
    "act",
    "delivered",
    "disclose",
    "join",
    "open_case",
    "receipt_of",
    "reissue",
    "reveal_for_call",
    "upload",
]
