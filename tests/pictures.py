"""Make the README's picture from a running sample library: ``python -m tests.pictures [http://127.0.0.1:8000]``."""

import sys
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import DESKTOP, PHONE, Shape, launch

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "picture.png"
FRAME = """<!doctype html><style>
body {{ margin: 0; padding: 40px; display: flex; gap: 32px; align-items: flex-end; background: #e9e4da }}
img {{ border-radius: 10px; box-shadow: 0 8px 28px rgb(51 41 20 / .25) }}
</style><img src="{desktop}" width="960"><img src="{phone}" width="300">"""


def main(site: str) -> None:
    """Photograph a search on a desktop and the start page on a phone, side by side."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        desktop = photograph(browser, DESKTOP, f"{site}/search/?q=ねこ")
        phone = photograph(browser, PHONE, f"{site}/")
        page = browser.new_page(viewport={"width": 1372, "height": 760})
        page.set_content(FRAME.format(desktop=desktop, phone=phone))
        page.screenshot(path=PICTURE)
        browser.close()


def photograph(browser: Browser, shape: Shape, url: str) -> str:
    """Return a picture of a page's first screen as a data URL."""
    page = browser.new_page(viewport={"width": shape.width, "height": shape.height}, locale="ja-JP")
    page.goto(url)
    return "data:image/png;base64," + b64encode(page.screenshot()).decode()


if __name__ == "__main__":
    main(*sys.argv[1:] or ["http://127.0.0.1:8000"])
