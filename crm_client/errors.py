"""What can go wrong when we ask a CRM.

CrmError
|-- CrmUnreachable   no answer, a locked database or a server fault: try again later
|   `-- CrmOutcomeUnknown   the call went out and no answer came back: it may have been done
|-- CrmBusy          too many calls: wait `retry_after` seconds
|-- CrmRefused       key or permission: an operator must act
|-- CrmRejected      the record itself is wrong: `field` says where
`-- CrmConflict      somebody else was faster (a slot taken, a record changed)

`trouble` names what an operator can look up and mend ('' when there is nothing to mend); the names are those of
`crm_client/zoho/troubles.py`. `code` is the CRM's own word for it ('' when it said none, or when we say it ourselves).
"Not found" is no error: look-ups return None or an empty tuple, and only when the CRM really said so.
"""

from __future__ import annotations


class CrmError(Exception):
    def __init__(self, asking: str, what: str, *, trouble: str = "", code: str = "") -> None:
        super().__init__(f"{asking}: {what}")
        self.asking = asking
        self.trouble = trouble
        self.code = code


class CrmUnreachable(CrmError):
    pass


class CrmOutcomeUnknown(CrmUnreachable):
    """Look before you write again."""


class CrmBusy(CrmError):
    def __init__(self, asking: str, what: str, retry_after: float = 1.0, *, trouble: str = "", code: str = "") -> None:
        super().__init__(asking, what, trouble=trouble, code=code)
        self.retry_after = retry_after


class CrmRefused(CrmError):
    pass


class CrmRejected(CrmError):
    def __init__(self, asking: str, what: str, field: str = "", *, trouble: str = "", code: str = "") -> None:
        super().__init__(asking, what, trouble=trouble, code=code)
        self.field = field


class CrmConflict(CrmError):
    pass
