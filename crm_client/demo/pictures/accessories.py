"""What stands around a computer: dock, screens, keyboard, mouse, headset, camera."""

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


def dock() -> str:
    plug = path("M40 96 h30", "none", STEEL, 8) + rect(66, 86, 30, 20, STEEL, 5) + rect(94, 91, 12, 10, MIST, 3)
    return (
        shadow(110, 196)
        + path("M40 96 q-26 0 -26 30 t30 30 h24", "none", STEEL, 8)
        + plug
        + path("M70 132 q2 -10 12 -10 h172 q10 0 12 10 l6 42 q2 14 -12 14 h-184 q-14 0 -12 -14 z", INK)
        + path("M82 122 h172 q10 0 12 10 h-196 q2 -10 12 -10 z", STEEL)
        + rect(88, 148, 24, 16, MIST, 3)
        + rect(120, 148, 24, 16, MIST, 3)
        + rect(152, 151, 20, 10, GLOW, 5)
        + rect(180, 147, 30, 18, MIST, 3)
        + circle(226, 156, 8, MIST)
        + circle(226, 156, 4, INK)
        + circle(250, 156, 4, LEAF)
    )


def clearview_27() -> str:
    return (
        shadow(72, 208)
        + rect(50, 36, 220, 132, INK, 8)
        + rect(57, 43, 206, 112, WATER, 3)
        + path("M57 124 q26 -16 52 0 t52 0 t52 0 t50 0 v31 h-206 z", DEEP)
        + path("M57 138 q26 -14 52 0 t52 0 t52 0 t50 0 v17 h-206 z", GLOW, opacity=0.55)
        + circle(210, 78, 19, SUN)
        + shine("M57 46 a3 3 0 0 1 3 -3 h84 l-48 112 h-39 z")
        + rect(148, 168, 24, 26, STEEL)
        + rect(108, 192, 104, 12, STEEL, 6)
    )


def clearview_34() -> str:
    return (
        shadow(88, 208)
        + path("M16 56 q144 22 288 0 q8 -1 8 7 v88 q0 8 -8 9 q-144 -18 -288 0 q-8 -1 -8 -9 v-88 q0 -8 8 -7 z", INK)
        + path("M20 66 q140 20 280 0 v84 q-140 -16 -280 0 z", WATER)
        + path("M28 78 q40 6 78 8 v54 q-40 1 -78 5 z", SNOW)
        + path("M40 94 l50 4 M40 108 l36 3 M40 122 l44 2", "none", MIST, 5)
        + path("M116 87 q44 2 88 0 v52 q-44 -2 -88 0 z", DEEP)
        + path("M126 128 l18 -20 l16 12 l32 -24", "none", SUN, 5)
        + path("M214 86 q38 -2 78 -8 v67 q-38 -4 -78 -5 z", GLOW)
        + circle(253, 104, 11, SNOW)
        + path("M236 134 q17 -20 34 0 z", SNOW)
        + path("M150 152 h20 l6 40 h-32 z", STEEL)
        + rect(104, 190, 112, 12, STEEL, 6)
    )


def keyboard() -> str:
    def row(y: float, start: float, count: int) -> str:
        return "".join(rect(start + 19 * n, y, 15, 15, SNOW, 4) for n in range(count))

    return (
        shadow(126, 188)
        + rect(28, 88, 264, 96, STEEL, 14)
        + rect(28, 84, 264, 94, INK, 14)
        + row(96, 42, 12)
        + rect(270, 96, 10, 15, CORAL, 4)
        + row(116, 48, 11)
        + rect(257, 116, 23, 15, GLOW, 4)
        + row(136, 42, 3)
        + row(136, 99, 9)
        + rect(270, 136, 10, 15, MIST, 4)
        + rect(42, 156, 30, 13, MIST, 4)
        + rect(78, 156, 132, 13, SNOW, 4)
        + rect(216, 156, 64, 13, MIST, 4)
    )


def mouse() -> str:
    return (
        shadow(60, 206)
        + path("M160 40 q56 0 56 70 v30 q0 62 -56 62 t-56 -62 v-30 q0 -70 56 -70 z", SNOW)
        + path("M160 40 q56 0 56 70 v4 h-112 v-4 q0 -70 56 -70 z", MIST)
        + path("M160 40 v74", "none", STEEL, 3)
        + path("M104 114 h112", "none", STEEL, 3)
        + rect(152, 66, 16, 32, INK, 8)
        + rect(157, 72, 6, 12, GLOW, 3)
        + path("M142 172 q9 -8 18 0 t18 0", "none", WATER, 4)
        + path("M244 70 q10 12 0 26 M258 58 q18 24 0 50", "none", WATER, 5, opacity=0.6)
    )


def headset() -> str:
    return (
        shadow(84, 208)
        + path("M84 140 v-16 q0 -78 76 -78 t76 78 v16", "none", INK, 15)
        + path("M98 96 q14 -38 62 -38 t62 38", "none", STEEL, 5)
        + rect(66, 124, 42, 66, WATER, 18)
        + rect(92, 130, 20, 54, INK, 10)
        + rect(212, 124, 42, 66, WATER, 18)
        + rect(208, 130, 20, 54, INK, 10)
        + path("M80 184 q6 24 54 22", "none", STEEL, 6)
        + rect(126, 194, 38, 20, INK, 10)
        + circle(150, 204, 4, LEAF)
        + path("M176 196 q8 8 0 16 M188 190 q14 14 0 28", "none", CORAL, 4)
    )


def camera() -> str:
    return (
        shadow(76, 208)
        + path("M126 160 h68 l18 40 h-104 z", STEEL)
        + rect(92, 198, 136, 9, INK, 4.5)
        + rect(66, 58, 188, 108, INK, 54)
        + circle(160, 112, 45, "#30495b")
        + circle(160, 112, 35, DEEP)
        + circle(160, 112, 24, WATER)
        + circle(160, 112, 11, INK)
        + circle(148, 99, 8, SNOW, opacity=0.8)
        + ellipse(88, 112, 5, 12, STEEL)
        + ellipse(232, 112, 5, 12, STEEL)
        + lights(160, 64, LEAF, radius=3.4)
        + path("M52 46 h-14 v-14 M268 46 h14 v-14 M38 190 v14 h14 M282 190 v14 h-14", "none", CORAL, 5)
    )


DRAWINGS = {
    "ac-dock": dock,
    "ac-mon27": clearview_27,
    "ac-mon34": clearview_34,
    "ac-kb": keyboard,
    "ac-mouse": mouse,
    "ac-headset": headset,
    "ac-cam": camera,
}
