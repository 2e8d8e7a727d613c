"""Servers, storage, network and power."""

from __future__ import annotations

from crm_client.demo.pictures.shapes import (
    CORAL,
    DEEP,
    GLOW,
    INK,
    LEAF,
    MIST,
    PLUM,
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
)


def rackmate_t150() -> str:
    bays = "".join(rect(128, y, 64, 15, STEEL, 3) + circle(184, y + 7.5, 2.6, LEAF) for y in (112, 132, 152))
    return (
        shadow(70, 208)
        + rect(112, 38, 96, 168, INK, 10)
        + rect(122, 50, 76, 42, "#30495b", 6)
        + path("M134 80 q6 -10 13 0 t13 0 t13 0 t13 0", "none", GLOW, 4)
        + circle(160, 64, 6, SUN)
        + bays
        + rect(128, 178, 40, 5, STEEL, 2.5)
        + circle(188, 181, 6, WATER)
        + rect(118, 204, 20, 6, STEEL, 3)
        + rect(182, 204, 20, 6, STEEL, 3)
    )


def rackmate_r350() -> str:
    drives = "".join(
        rect(76 + 33 * n, 122, 28, 26, STEEL, 3) + rect(80 + 33 * n, 141, 20, 3, MIST, 1.5) for n in range(4)
    )
    return (
        shadow(128, 166)
        + path("M54 108 l22 -34 h168 l22 34 z", STEEL)
        + path("M88 82 h144 M82 92 h156", "none", INK, 3, opacity=0.35)
        + rect(44, 108, 232, 54, INK, 6)
        + rect(34, 112, 14, 46, MIST, 4)
        + rect(272, 112, 14, 46, MIST, 4)
        + drives
        + rect(214, 120, 50, 14, DEEP, 3)
        + lights(220, 148, LEAF, LEAF, SUN, step=14)
        + path("M220 127 h22", "none", GLOW, 3)
    )


def rackmate_r750() -> str:
    def row(y: float) -> str:
        return "".join(
            rect(66 + 19 * n, y, 14, 34, STEEL, 2) + circle(73 + 19 * n, y + 28, 2.2, LEAF if n % 4 else GLOW)
            for n in range(8)
        )

    return (
        shadow(132, 206)
        + rect(40, 52, 240, 146, INK, 8)
        + rect(28, 58, 14, 134, MIST, 4)
        + rect(278, 58, 14, 134, MIST, 4)
        + rect(56, 64, 162, 58, "#30495b", 4)
        + rect(56, 128, 162, 58, "#30495b", 4)
        + row(76)
        + row(140)
        + rect(228, 64, 40, 58, DEEP, 4)
        + path("M236 104 l8 -14 l8 8 l8 -18", "none", GLOW, 4)
        + "".join(path(f"M230 {y} h36", "none", STEEL, 4) for y in (136, 148, 160))
        + lights(234, 178, LEAF, LEAF, SUN, step=13)
    )


def vaultnas() -> str:
    def bay(n: int) -> str:
        x, y = 84 + 40 * (n % 4), 66 + 56 * (n // 4)
        return rect(x, y, 32, 46, STEEL, 5) + rect(x + 6, y + 6, 20, 4, MIST, 2) + circle(x + 16, y + 36, 3, LEAF)

    return (
        shadow(106, 208)
        + rect(66, 44, 188, 156, INK, 16)
        + "".join(bay(n) for n in range(8))
        + rect(84, 180, 70, 8, WATER, 4)
        + circle(232, 184, 7, GLOW)
        + rect(84, 198, 26, 8, STEEL, 4)
        + rect(210, 198, 26, 8, STEEL, 4)
    )


def vaultarray() -> str:
    def shelf(y: float, colour: str) -> str:
        blades = "".join(rect(70 + 12 * n, y + 9, 8, 32, colour, 2) for n in range(15))
        return rect(50, y, 220, 50, INK, 6) + blades + lights(258, y + 14, LEAF, step=0) + lights(258, y + 34, GLOW)

    bolt = "M166 22 l-18 26 h13 l-6 20 l22 -28 h-14 z"
    return (
        shadow(126, 208)
        + shelf(74, PLUM)
        + shelf(130, WATER)
        + rect(50, 186, 220, 14, STEEL, 5)
        + circle(160, 46, 30, SNOW, opacity=0.85)
        + path(bolt, SUN)
    )


def linkhub() -> str:
    ports = "".join(
        rect(66 + 15.5 * (n % 12), 112 + 20 * (n // 12), 12, 14, MIST if n % 5 else GLOW, 2) for n in range(24)
    )
    return (
        shadow(118, 164)
        + path("M52 100 l18 -26 h180 l18 26 z", STEEL)
        + rect(44, 98, 232, 62, INK, 8)
        + ports
        + path("M72 152 v18 q0 22 -24 22 h-26", "none", CORAL, 5)
        + path("M103 152 v26 q0 16 -18 20 h-30", "none", WATER, 5)
        + lights(258, 116, LEAF, step=0)
        + lights(258, 128, LEAF, step=0)
        + lights(258, 140, SUN)
    )


def airspan() -> str:
    def wave(size: float, opacity: float) -> str:
        return path(
            f"M{160 - size:g} 84 a{size:g} {size * 0.8:g} 0 0 1 {2 * size:g} 0", "none", WATER, 7, opacity=opacity
        )

    return (
        shadow(96, 196)
        + wave(38, 1)
        + wave(64, 0.6)
        + wave(90, 0.3)
        + ellipse(160, 158, 92, 30, STEEL)
        + ellipse(160, 148, 92, 32, SNOW)
        + ellipse(160, 146, 62, 19, MIST)
        + ellipse(160, 145, 16, 5.5, LEAF)
        + circle(160, 84, 9, WATER)
    )


def gateward() -> str:
    bricks = "".join(
        rect(62 + 40 * column + 20 * (row % 2), 104 + 20 * row, 36, 16, CORAL if (row + column) % 3 else "#d9663f", 3)
        for row in range(3)
        for column in range(5 - row % 2)
    )
    shield = "M160 36 l42 14 v34 q0 38 -42 56 q-42 -18 -42 -56 v-34 z"
    return (
        shadow(116, 204)
        + bricks
        + rect(48, 164, 224, 36, INK, 8)
        + lights(66, 182, LEAF, LEAF, SUN, step=14)
        + "".join(rect(188 + 18 * n, 174, 14, 14, MIST, 2) for n in range(4))
        + path(shield, SNOW)
        + path("M160 46 l33 11 v27 q0 31 -33 45 z", WATER)
        + path("M160 46 l-33 11 v27 q0 31 33 45 z", GLOW)
        + path("M146 88 l11 11 l20 -24", "none", SNOW, 7)
    )


def powerkeep() -> str:
    return (
        shadow(78, 208)
        + rect(108, 40, 104, 166, INK, 12)
        + rect(122, 54, 76, 46, DEEP, 6)
        + "".join(rect(130 + 14 * n, 88 - 7 * n, 10, 6 + 7 * n, LEAF, 2) for n in range(4))
        + path("M188 64 l-7 12 h6 l-3 11 l9 -14 h-6 l4 -9 z", SUN)
        + path("M166 112 l-24 38 h17 l-8 32 l29 -44 h-18 l8 -26 z", SUN)
        + path("M212 188 h16 q18 0 18 -18 v-14", "none", STEEL, 6)
        + rect(234, 128, 24, 30, STEEL, 6)
        + path("M240 128 v-12 M252 128 v-12", "none", STEEL, 5)
        + rect(122, 192, 40, 5, STEEL, 2.5)
    )


DRAWINGS = {
    "sv-t150": rackmate_t150,
    "sv-r350": rackmate_r350,
    "sv-r750": rackmate_r750,
    "st-nas8": vaultnas,
    "st-x2": vaultarray,
    "nw-sw24": linkhub,
    "nw-ap6": airspan,
    "nw-fw100": gateward,
    "pw-1500": powerkeep,
}
