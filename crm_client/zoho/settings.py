"""What an operator may choose about Zoho CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal


@dataclass(frozen=True)
class ZohoLimits:
    """config.yaml, section `crm.zoho.limits`."""

    parallel: Annotated[int, "Calls at the same time in one process. Every edition allows 5 in all."] = 5
    heavy: Annotated[int, "Of these, calls that Zoho counts as heavy (COQL, sorted lists, searches)."] = 2
    credits_a_day: Annotated[int, "API credits of your edition in 24 hours (Free: 5000)."] = 50_000
    credits_kept: Annotated[
        int, "Percent of the credits that background work leaves for visitors and writes; below it, it pauses."
    ] = 20
    alarm_below: Annotated[int, "Percent of the credits left at which the operator is warned."] = 30
    connect_seconds: Annotated[float, "How long to wait for a connection."] = 5.0
    read_seconds: Annotated[float, "How long to wait for an answer in background work."] = 30.0
    for_strangers: Annotated[
        int,
        "Percent of the day's credits that each process may use to ask for people whom the mirror does not know. "
        "Whoever types in addresses by the thousand uses up no more.",
    ] = 10
    visitor_seconds: Annotated[float, "How long a visitor's turn may wait for Zoho when the mirror knows nobody."] = 1.5


@dataclass(frozen=True)
class ZohoSync:
    """config.yaml, section `crm.zoho.sync`."""

    poll_seconds: Annotated[int, "How often to ask for changes while notifications arrive (they are hints only)."] = 900
    poll_seconds_alone: Annotated[int, "How often to ask for changes while no notification channel is open."] = 60
    trusted_seconds: Annotated[
        int, "How old the mirror may be for `we don't know this person` to be said without asking Zoho."
    ] = 60
    notify_url: Annotated[
        str, "Public https address of this server's /channels/crm/zoho. Empty: no notifications, only polling."
    ] = ""
    conflicts: Annotated[
        Literal["newest", "zoho", "ours"], "Who wins a field that both sides changed: the later change, Zoho, or we."
    ] = "newest"
    conflicts_days: Annotated[int, "For how many days both values of a conflict stay on record."] = 90
    note_chats: Annotated[bool, "Write a note on the contact or lead when a chat with them has ended."] = True


@dataclass(frozen=True)
class ZohoSettings:
    """config.yaml, section `crm.zoho`."""

    data_centre: Annotated[Literal["us", "eu", "in", "au", "jp", "cn", "ca", "sa"], "Where your account lives."] = "us"
    environment: Annotated[Literal["production", "sandbox", "developer"], "Which of your organisations."] = "production"
    version: Annotated[str, "Version of the REST API."] = "v8"
    client_id_env: Annotated[str, "Environment variable with the self client's id."] = "ZOHO_CLIENT_ID"
    client_secret_env: Annotated[str, "Environment variable with the self client's secret."] = "ZOHO_CLIENT_SECRET"  # noqa: S105
    refresh_token_env: Annotated[
        str, "Environment variable with the refresh token. Empty there: the one that `app.py zoho connect` stored."
    ] = "ZOHO_REFRESH_TOKEN"  # noqa: S105
    key_field: Annotated[
        str, "API name of a unique text field of yours (in every module written) that holds our key. Empty: none."
    ] = ""
    modules: Annotated[Mapping[str, str], "Modules that are called differently: ours -> API name."] = field(
        default_factory=dict
    )
    fields: Annotated[
        Mapping[str, Mapping[str, str]],
        "Fields that are called differently or are your own: module -> our field -> API name. Empty name: not used.",
    ] = field(default_factory=dict)
    stages: Annotated[
        Mapping[str, Literal["open", "won", "lost"]], "What a stage means, where its forecast type says it wrongly."
    ] = field(default_factory=dict)
    limits: Annotated[ZohoLimits, "Limits of calls."] = field(default_factory=ZohoLimits)
    sync: Annotated[ZohoSync, "The mirror."] = field(default_factory=ZohoSync)
    fake_url: Annotated[
        str, "Only for trying out: the http address of a fake Zoho on this machine (make demo-zoho)."
    ] = ""
