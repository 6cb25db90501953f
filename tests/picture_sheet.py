"""Lay the photographed pages out in sheets, one a page, to be looked at side by side.

    mkdir pictures
    PORTAL_PICTURES=pictures python3 portal.py test --deep tests/test_every_page.py tests/test_every_state.py
    python -m tests.picture_sheet pictures

Each sheet shows one page, or one state of a page, on every face, at every size, in the light and in the dark.
"""

import sys
from itertools import groupby
from pathlib import Path

from PIL import Image

GAP = 24  # pixels between pictures
TALLEST = 2600  # pixels shown of a long page
GROUND = "#77736b"


def main(folder: str) -> None:
    """Write ``sheet-<page>.png`` for every page found in the folder."""
    pictures = sorted(path for path in Path(folder).glob("*--*.png"))
    for name, group in groupby(pictures, key=lambda path: path.name.split("--")[0]):
        sheet([Image.open(path) for path in group]).save(Path(folder) / f"sheet-{name}.png")


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """Return the pictures in one row, aligned at the top, long ones cut."""
    shown = [picture.crop((0, 0, picture.width, min(picture.height, TALLEST))) for picture in pictures]
    width = sum(picture.width + GAP for picture in shown) + GAP
    whole = Image.new("RGB", (width, max(picture.height for picture in shown) + 2 * GAP), GROUND)
    left = GAP
    for picture in shown:
        whole.paste(picture, (left, GAP))
        left += picture.width + GAP
    return whole


if __name__ == "__main__":
    main(*sys.argv[1:])
