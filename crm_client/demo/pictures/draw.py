"""Write every product's picture into a folder: `python -m crm_client.demo.pictures.draw FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from crm_client.demo.catalogue import catalogue
from crm_client.demo.pictures import accessories, computers, infrastructure, intangibles
from crm_client.demo.pictures.shapes import tile
from crm_client.records import Product

DRAWINGS: Mapping[str, Callable[[], str]] = {
    **computers.DRAWINGS,
    **infrastructure.DRAWINGS,
    **accessories.DRAWINGS,
    **intangibles.DRAWINGS,
}


def picture(product: Product) -> str:
    """An SVG document. Its title is in both languages, since one file serves both."""
    return tile(product.category, f"{product.name_en} / {product.name_ja}", DRAWINGS[product.id]())


def draw_all(folder: Path) -> None:
    for entry in catalogue():
        (folder / f"{entry.product.id}.svg").write_text(picture(entry.product), encoding="utf-8")


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))
