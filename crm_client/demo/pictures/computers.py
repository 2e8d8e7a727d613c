"""Notebooks, desktops and the workstation."""

from __future__ import annotations

from crm_client.demo.pictures.shapes import (
    CORAL,
    DEEP,
    GLOW,
    INK,
    LEAF,
    MIST,
    SNOW,
    STEEL,
    SUN,
    WATER,
    circle,
    ellipse,
    lights,
    path,
    rect,
    shadow,
    shine,
)


def _waves(x: float, y: float, width: float) -> str:
    """The shop's sign on a screen: a sun over water."""
    step = width / 4
    return (
        circle(x + width / 2, y - 16, 15, SUN)
        + path(f"M{x:g} {y:g} q{step / 2:g} -9 {step:g} 0" + f" t{step:g} 0" * 3, "none", SNOW, 4)
        + path(f"M{x + step / 2:g} {y + 13:g} q{step / 2:g} -8 {step:g} 0" + f" t{step:g} 0" * 2, "none", GLOW, 4)
    )


def aerobook_14() -> str:
    return (
        shadow(122)
        + rect(78, 62, 164, 112, INK, 10)
        + rect(86, 70, 148, 94, WATER, 4)
        + _waves(116, 122, 88)
        + shine("M86 74 a4 4 0 0 1 4 -4 h58 l-40 94 h-22 z")
        + path("M60 174 h200 l18 18 q4 8 -6 8 h-224 q-10 0 -6 -8 z", MIST)
        + path("M48 192 h224 q4 8 -6 8 h-212 q-10 0 -6 -8 z", STEEL)
        + rect(136, 176, 48, 5, STEEL, 2.5)
    )


def aerobook_16_pro() -> str:
    colours = (CORAL, SUN, LEAF, GLOW)
    swatches = "".join(rect(200, 62 + 22 * n, 24, 16, colour, 3) for n, colour in enumerate(colours))
    return (
        shadow(138)
        + rect(58, 42, 204, 134, INK, 11)
        + rect(66, 50, 188, 116, DEEP, 4)
        + path("M78 154 L112 98 L138 132 L160 84 L188 154 Z", WATER)
        + path("M160 84 L172 114 L160 106 L150 112 Z", SNOW)
        + circle(104, 76, 11, SUN)
        + swatches
        + shine("M66 54 a4 4 0 0 1 4 -4 h80 l-50 116 h-34 z")
        + path("M38 176 h244 l16 16 q4 8 -6 8 h-264 q-10 0 -6 -8 z", STEEL)
        + path("M22 192 h276 q4 8 -6 8 h-264 q-10 0 -6 -8 z", INK)
        + rect(130, 178, 60, 5, MIST, 2.5)
    )


def aerobook_lite() -> str:
    feather = "M214 120 q34 -44 54 -50 q2 34 -30 56 q-10 8 -26 6 z"
    return (
        shadow(96, 184)
        + path("M84 166 L106 72 q2 -8 10 -8 h112 q8 0 7 8 L222 166 Z", GLOW)
        + path("M98 158 L117 80 q1 -4 6 -4 h94 q5 0 4 4 L208 158 Z", SNOW)
        + path("M124 130 q12 -12 24 0 t24 0 t24 0", "none", WATER, 5)
        + path("M66 166 h172 l8 10 q2 6 -6 6 h-180 q-8 0 -4 -6 z", MIST)
        + path(feather, SNOW, WATER, 3)
        + path("M206 144 Q232 108 258 82", "none", WATER, 3)
    )


def terrabook() -> str:
    corners = "".join(rect(x, y, 26, 26, CORAL, 8) for x in (62, 232) for y in (48, 156))
    return (
        shadow(124)
        + corners
        + rect(70, 54, 180, 124, INK, 8)
        + rect(88, 70, 144, 88, LEAF, 3)
        + path("M88 158 L128 112 L152 136 L184 94 L232 158 Z", "#2f7d62")
        + path("M206 70 h26 v30 q-22 -4 -26 -30 z", SUN)
        + rect(132, 160, 56, 12, STEEL, 6)
        + lights(144, 166, LEAF, SUN, CORAL, step=16)
        + path("M56 178 h208 l12 16 q3 8 -6 8 h-220 q-9 0 -6 -8 z", STEEL)
        + rect(44, 188, 24, 16, CORAL, 6)
        + rect(252, 188, 24, 16, CORAL, 6)
    )


def campusbook() -> str:
    keys = "".join(rect(88 + 18 * n, 182, 13, 6, SNOW, 2) for n in range(8))
    return (
        shadow(104)
        + rect(80, 66, 160, 108, SUN, 16)
        + rect(94, 80, 132, 82, SNOW, 5)
        + path("M112 106 h54 M112 124 h78 M112 142 h42", "none", MIST, 6)
        + path("M178 148 l34 -44 l10 8 l-34 44 l-14 6 z", CORAL)
        + path("M178 148 l10 8 l-14 6 z", INK)
        + rect(68, 172, 184, 26, CORAL, 10)
        + keys
    )


def cubestation() -> str:
    return (
        shadow(112)
        + rect(56, 58, 136, 94, INK, 9)
        + rect(63, 65, 122, 74, WATER, 4)
        + _waves(86, 106, 76)
        + rect(114, 152, 20, 34, STEEL)
        + rect(88, 184, 72, 10, STEEL, 5)
        + rect(206, 132, 66, 66, SNOW, 14)
        + rect(206, 166, 66, 32, MIST, 12)
        + circle(239, 154, 9, "none", stroke=WATER, stroke_width=4)
        + path("M239 142 v10", "none", WATER, 4)
        + lights(222, 184, LEAF, STEEL, STEEL, step=17)
    )


def forgestation() -> str:
    grill = "".join(path(f"M128 {y} h64", "none", STEEL, 5) for y in range(122, 180, 11))
    return (
        shadow(84, 208)
        + path("M112 34 h82 l22 14 v152 q0 6 -6 6 h-92 q-10 0 -10 -10 v-152 q0 -10 4 -10 z", INK)
        + path("M194 34 l22 14 v152 q0 6 -6 6 h-16 z", "#172733")
        + rect(118, 46, 70, 58, "#30495b", 6)
        + path("M132 92 q-10 -18 8 -30 q-2 14 8 14 q8 -8 2 -22 q24 14 18 36 q-4 8 -18 8 q-12 0 -18 -6 z", CORAL)
        + path("M146 94 q-4 -10 6 -16 q0 8 8 6 q4 10 -6 14 z", SUN)
        + grill
        + lights(126, 192, LEAF, GLOW)
        + ellipse(176, 192, 9, 3, STEEL)
    )


DRAWINGS = {
    "nb-14": aerobook_14,
    "nb-16": aerobook_16_pro,
    "nb-lite": aerobook_lite,
    "nb-rugged": terrabook,
    "nb-edu": campusbook,
    "dt-mini": cubestation,
    "dt-ws": forgestation,
}
