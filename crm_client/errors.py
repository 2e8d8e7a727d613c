"""What can go wrong when we ask a CRM.

CrmError
|-- CrmUnreachable   no answer, a locked database or a server fault: try again later
|-- CrmBusy          too many calls: wait `retry_after` seconds
|-- CrmRefused       key or permission: an operator must act
|-- CrmRejected      the record itself is wrong: `field` says where
`-- CrmConflict      somebody else was faster (a slot taken, a record changed)

"Not found" is no error: look-ups return None or an empty tuple, and only when the CRM really said so.
"""

from __future__ import annotations


class CrmError(Exception):
    def __init__(self, asking: str, what: str) -> None:
        super().__init__(f"{asking}: {what}")
        self.asking = asking


class CrmUnreachable(CrmError):
    pass


class CrmBusy(CrmError):
    def __init__(self, asking: str, what: str, retry_after: float = 1.0) -> None:
        super().__init__(asking, what)
        self.retry_after = retry_after


class CrmRefused(CrmError):
    pass


class CrmRejected(CrmError):
    def __init__(self, asking: str, what: str, field: str = "") -> None:
        super().__init__(asking, what)
        self.field = field


class CrmConflict(CrmError):
    pass
