"""What can be chosen about the fake: mostly where Zoho's documents disagree or say nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Switches:
    # Tokens
    access_seconds: int = 3600
    expiry_style: str = "seconds"  # seconds; milliseconds (as older replies); none
    access_limit: int = 10  # new access tokens in ten minutes
    live_limit: int = 15  # live access tokens; one more kills the oldest
    denied_status: int = 200  # of `Access Denied`; 400 has been seen, too
    wrong_data_centre: str = ""  # the error the token endpoint then gives: invalid_client, invalid_code
    wrong_host: bool = False  # every API call: INVALID_HOST
    api_domain: str = ""  # what token replies say; '' is the fake's own address
    dead_token: str = "INVALID_TOKEN"  # one of the four codes; empty_200, empty_204: a success with nothing in it
    scope_status: int = 401
    # Records
    mixed_status: int = 207
    absent_id: int = 204  # a record that is not there: 204, 400 or 404
    strict: bool = False  # unknown fields of writes are refused instead of dropped
    se_module_needed: bool = True
    linking_touches_deal: bool = True  # a product linked to a deal gives the deal a new Modified_Time
    page_token_seconds: int = 86_400
    search_lag: float = 0.0
    coql_most: int = 2000
    linking_module: bool = True  # related_lists metadata names Deals_X_Products
    linking_query: bool = True  # and it can be read and queried
    bulk_polls: int = 2  # a job is done when it was asked for this often
    bulk_id_column: str = "Id"
    # Notifications
    watch_limit: int = 86_400  # seconds a channel may last; more becomes an hour
    watch_clamps_to: int = 3600
    push_own: bool = True  # changes made through the API are pushed as well
    push_late: float = 0.0  # seconds every push is late
    push_late_rate: float = 0.0  # of these, share that is later still, so that others overtake it
    push_later: float = 1.0
    push_twice_rate: float = 0.0
    push_lost_rate: float = 0.0
    # Limits
    parallel: int = 10
    parallel_heavy: int = 10
    credits: int = 50_000
    retry_after: int = 0  # seconds told with 429; 0: not told, as Zoho does

    def set(self, values: dict[str, Any]) -> None:
        """ValueError for one that does not exist or has another type."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"there is no switch {name}")
            if kinds[name] is float and isinstance(value, int):
                value = float(value)
            if type(value) is not kinds[name]:
                raise ValueError(f"switch {name} takes {kinds[name].__name__}")
            setattr(self, name, value)
