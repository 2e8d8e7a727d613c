"""format=flowed (RFC 3676): paragraphs that were cut into lines put together again, quote depth kept as ">" marks."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool = False) -> str:
    """`text` with "\\n" line ends; `delete_space` is the parameter DelSp. A quoted line comes back as ">> text"."""
    paragraphs: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quoted = len(line) - len(line.lstrip(">"))
        bare = line[quoted:]
        bare = bare[1:] if bare.startswith(" ") else bare  # space-stuffed
        if pieces and (quoted != depth or bare == _SIGNATURE):
            paragraphs.append(_marked(depth, pieces))
            pieces = []
        depth = quoted
        flows = bare.endswith(" ") and bare != _SIGNATURE
        pieces.append(bare[:-1] if flows and delete_space else bare)
        if not flows:
            paragraphs.append(_marked(depth, pieces))
            pieces = []
    if pieces:
        paragraphs.append(_marked(depth, pieces))
    return "\n".join(paragraphs)


def _marked(depth: int, pieces: list[str]) -> str:
    whole = "".join(pieces)
    return f"{'>' * depth} {whole}".rstrip() if depth else whole if whole == _SIGNATURE else whole.rstrip(" ")
