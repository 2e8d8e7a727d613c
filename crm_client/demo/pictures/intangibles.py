"""What cannot be touched: software and service."""

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
    path,
    rect,
    shadow,
)


def safesync() -> str:
    cloud = "M108 138 q-36 0 -36 -32 q0 -28 30 -31 q8 -37 52 -37 q36 0 48 30 q40 -4 44 34 q0 36 -38 36 z"
    return (
        shadow(92)
        + path(cloud, SNOW)
        + path("M108 138 q-36 0 -36 -32 q0 -6 2 -12 q20 24 70 20 t102 -12 q0 36 -38 36 z", GLOW, opacity=0.45)
        + path("M146 112 v-34 l-14 14 M146 78 l14 14", "none", WATER, 8)
        + path("M178 82 v34 l-14 -14 M178 116 l14 -14", "none", LEAF, 8)
        + path("M104 152 v16 M216 152 v16 M160 152 v12", "none", STEEL, 5, stroke_dasharray="1 9")
        + rect(70, 170, 68, 28, INK, 6)
        + rect(182, 170, 68, 28, INK, 6)
        + circle(124, 184, 4, LEAF)
        + circle(236, 184, 4, LEAF)
        + path("M82 184 h26 M194 184 h26", "none", STEEL, 5)
        + rect(148, 172, 24, 20, SUN, 5)
        + path("M153 172 v-6 q0 -7 7 -7 t7 7 v6", "none", SUN, 4)
    )


def fleetdesk() -> str:
    def phone(x: float, y: float, colour: str) -> str:
        return rect(x, y, 52, 94, INK, 10) + rect(x + 5, y + 8, 42, 74, colour, 3) + circle(x + 26, y + 88, 2.6, MIST)

    tick = "M{x} {y} l7 8 l14 -16"
    return (
        shadow(116)
        + rect(98, 46, 124, 148, STEEL, 12)
        + rect(106, 56, 108, 126, SNOW, 4)
        + "".join(rect(116, 68 + 27 * n, 20, 18, colour, 4) for n, colour in enumerate((GLOW, SUN, CORAL, LEAF)))
        + "".join(path(f"M144 {77 + 27 * n} h30", "none", MIST, 6) for n in range(4))
        + "".join(path(tick.format(x=184, y=77 + 27 * n), "none", LEAF, 4) for n in range(3))
        + path("M186 151 h16", "none", CORAL, 4)
        + phone(44, 104, WATER)
        + phone(224, 104, DEEP)
        + path("M60 152 q5 -7 10 0 t10 0", "none", SNOW, 4)
        + rect(240, 142, 20, 16, SUN, 4)
        + path("M244 142 v-5 q0 -6 6 -6 t6 6 v5", "none", SUN, 4)
    )


def careplus() -> str:
    shield = "M160 28 l66 22 v56 q0 60 -66 90 q-66 -30 -66 -90 v-56 z"
    return (
        shadow(70, 208)
        + path(shield, SNOW)
        + path("M160 42 l53 18 v46 q0 50 -53 75 z", CORAL)
        + path("M160 42 l-53 18 v46 q0 50 53 75 z", "#f49a7a")
        + rect(148, 76, 24, 68, SNOW, 5)
        + rect(126, 98, 68, 24, SNOW, 5)
        + path("M232 150 l30 30 q6 8 -1 15 t-15 1 l-30 -30", STEEL)
        + path("M206 128 q-4 20 12 28 q12 6 24 0 q10 -14 2 -28 l-14 14 l-12 -4 l-3 -12 l14 -13 q-16 -4 -23 15 z", STEEL)
        + circle(253, 188, 4, SNOW)
        + path("M64 150 q0 -22 22 -22 M52 150 q0 -34 34 -34", "none", WATER, 5)
        + circle(78, 164, 16, WATER)
        + path("M72 164 l5 5 l9 -10", "none", SNOW, 4)
    )


DRAWINGS = {"sw-backup": safesync, "sw-mdm": fleetdesk, "sv-care": careplus}
