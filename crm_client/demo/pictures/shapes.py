"""The few shapes and colours that all pictures are made of.

Every picture is a tile of 320 x 240 with its own quiet background, so it looks the same on light and on dark pages.
Only presentation attributes are used, no style sheets: a strict content security policy has nothing to object to.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

INK, STEEL, MIST, SNOW = "#24394a", "#5d7688", "#c3d2dc", "#f7fbfd"
WATER, GLOW, DEEP = "#1b7f93", "#84d3df", "#125a6b"
CORAL, SUN, LEAF, PLUM = "#f0805a", "#f4c04e", "#4fb38d", "#7a6fc0"

TILES = {  # category -> background, water line
    "notebook": ("#e3f1f4", "#cde6eb"),
    "desktop": ("#e4eef7", "#cfe1f1"),
    "workstation": ("#e9e8f6", "#d8d5ee"),
    "server": ("#e6eaf3", "#d2d9ea"),
    "storage": ("#ece8f5", "#dcd4ec"),
    "network": ("#e4f3ec", "#cde8db"),
    "power": ("#faf1de", "#f3e3bf"),
    "accessory": ("#eaf2f5", "#d6e5eb"),
    "software": ("#e1f2f6", "#c8e7ee"),
    "service": ("#fbebe6", "#f5d8ce"),
}


def tile(category: str, title: str, drawing: str) -> str:
    background, water = TILES[category]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" role="img" aria-labelledby="t">\n'
        f'<title id="t">{escape(title)}</title>\n'
        + rect(0, 0, 320, 240, background, 20)
        + path("M0 186 Q40 176 80 186 T160 186 T240 186 T320 186 V220 Q320 240 300 240 H20 Q0 240 0 220 Z", water)
        + drawing
        + "</svg>\n"
    )


def rect(x: float, y: float, width: float, height: float, fill: str, round: float = 0, **more: object) -> str:
    return _tag("rect", x=x, y=y, width=width, height=height, rx=round or None, fill=fill, **more)


def circle(x: float, y: float, radius: float, fill: str, **more: object) -> str:
    return _tag("circle", cx=x, cy=y, r=radius, fill=fill, **more)


def ellipse(x: float, y: float, wide: float, high: float, fill: str, **more: object) -> str:
    return _tag("ellipse", cx=x, cy=y, rx=wide, ry=high, fill=fill, **more)


def path(d: str, fill: str = "none", stroke: str = "", width: float = 0, **more: object) -> str:
    line = {"stroke": stroke, "stroke_width": width, "stroke_linecap": "round", "stroke_linejoin": "round"}
    return _tag("path", d=d, fill=fill, **(line if stroke else {}), **more)


def shadow(wide: float, y: float = 204) -> str:
    """What keeps a thing on the ground."""
    return ellipse(160, y, wide, 7, INK, opacity=0.14)


def shine(d: str) -> str:
    """A light reflex on glass."""
    return path(d, "#ffffff", opacity=0.16)


def lights(x: float, y: float, *colours: str, step: float = 10, radius: float = 2.6) -> str:
    return "".join(circle(x + number * step, y, radius, colour) for number, colour in enumerate(colours))


def _tag(name: str, **attributes: object) -> str:
    written = " ".join(
        f'{key.replace("_", "-")}="{_number(value)}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name} {written}/>\n"


def _number(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
