"""Who can use a page that stands open in the browser: WCAG 2.2 beyond what axe sees.

Each judgement returns the faults it finds, as sentences that name the element. What is asked of the page stands in
``layout_audit.js``; ``tests/test_layout_audit.py`` shows every judgement a page that it must refuse.
"""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

ASKED = (Path(__file__).parent / "layout_audit.js").read_text()
SMALLEST: ViewportSize = {"width": 320, "height": 640}  # CSS pixels: a window of 1280 at 400 % (WCAG 1.4.10)
HALF: ViewportSize = {"width": 640, "height": 450}  # the same at 200 %
LEAST, OURS, PANEL = 24, 44, 64  # CSS pixels a target has: WCAG 2.5.8, what is pressed, on a touch panel
MOST_STOPS = 300


def ask(page: Page, question: str) -> list[str]:
    return page.evaluate(f"{ASKED}; layoutAudit.{question}")


def zoom(page: Page, window: ViewportSize) -> list[str]:
    """Return what is lost in a small window, and there with text spread out; leave the window small."""
    page.set_viewport_size(window)
    faults = _lost(page)
    ask(page, "spread(true)")
    faults += [f"with wide spacing: {fault}" for fault in _lost(page) if fault not in faults]
    ask(page, "spread(false)")
    return [f"at {window['width']} px: {fault}" for fault in faults]


def _lost(page: Page) -> list[str]:
    return ask(page, "wide()") + ask(page, "regions()") + ask(page, "lost()")


def system(page: Page) -> list[str]:
    """Return what is not seen in forced colours and what moves although the system asks for rest."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    faults = ask(page, "edged()") + ask(page, "drawn()") + ask(page, "moving()")
    faults += [f"in forced colours: {fault}" for fault in ask(page, "unmarked()")]
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return faults


def targets(page: Page, *, touch: bool = False) -> list[str]:
    """Return the targets that are too small for a finger, links within a sentence apart."""
    return ask(page, f"small({PANEL}, {PANEL})" if touch else f"small({LEAST}, {OURS})")


def tabs(page: Page) -> list[str]:
    """Press Tab from the top to the end of the page; return each stop where the focus is not seen, covered or lost."""
    ask(page, "begin()")
    faults: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if (found := page.evaluate("layoutAudit.stop()")) is None:
            return faults + ask(page, "unreached()")
        faults += found
    return [*faults, "focus never comes to an end"]
