"""config.yaml, section `embed`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

_LONGEST = 24 * 60  # a link can't be taken back: who had access yesterday has none tomorrow


@dataclass(frozen=True)
class EmbedSettings:
    """The advice inside the CRM's own page."""

    frame_ancestors: Annotated[
        tuple[str, ...], "Origins whose pages may show ours in a frame, such as https://crm.example.com. None: nobody."
    ] = ()
    minutes_valid: Annotated[int, "For how long a signed link shows a record and takes decisions."] = 120

    def __post_init__(self) -> None:
        for origin in self.frame_ancestors:
            if not _is_origin(origin):
                raise ValueError(f"embed.frame_ancestors: '{origin}' is no origin such as https://crm.example.com")
        if not 1 <= self.minutes_valid <= _LONGEST:
            raise ValueError(f"embed.minutes_valid must lie between 1 and {_LONGEST}")


def _is_origin(text: str) -> bool:
    """It goes into a header: one origin, and nothing that could end it or add to it. All hosts at once are none."""
    _scheme, _, host = text.partition("://")
    names_a_host = any(letter.isalnum() for letter in host.partition(":")[0])
    harmless = not any(letter in text for letter in " ;,'\"\r\n\t")
    return harmless and text.startswith(("https://", "http://")) and names_a_host
