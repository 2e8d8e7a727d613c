"""A text with wide digits and letters made narrow and capitals made small, each character still in its own place."""

from __future__ import annotations

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x301C: 0x7E,  # 〜
    0xFF5E: 0x7E,  # ～
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x2012: 0x2D,
    0x2212: 0x2D,
    0x2019: 0x27,
    0x00A0: 0x20,
    0x202F: 0x20,
}


def narrowed_text(text: str) -> str:
    """Same length as `text`: offsets in one are offsets in the other."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)
    return small if small.isascii() else small.translate(_WIDE)
