"""The look: contrast of every pair of tokens, weight, no inline code, a gallery without gaps that serves everyone."""

import re
from functools import cache
from pathlib import Path

import brotli
import pytest
from django.db.models import TextChoices
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Page

from catalog.models import Item, MaterialType
from opac.look.status_icons import LOOKS
from opac.templatetags.portal import _chip
from patrons.models import ShelfEntry
from reservations.models import Reservation, State
from tests import layout_audit
from tests.browser import DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK, violations

ROOT = Path(__file__).resolve().parents[2]
CSS, JS, TEMPLATES = ROOT / "static/css", ROOT / "static/js", ROOT / "templates"
SHAPES = [PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK]
TEXT, SHAPE = 4.5, 3.0

GROUNDS = ["ground", "surface", "sunk"]
SOFT = ["accent-soft", "error-soft", "success-soft", "warning-soft"]
PAIRS = [
    *((ink, ground, TEXT) for ink in ("text", "text-sub", "hint", "link", "visited") for ground in GROUNDS),
    *((ink, ground, TEXT) for ink in ("text", "text-sub", "hint", "link", "visited") for ground in SOFT),
    *((ink, ground, TEXT) for ink in ("accent", "error", "success", "warning") for ground in GROUNDS),
    *((ink, f"{ink}-soft", TEXT) for ink in ("accent", "error", "success", "warning")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("slip-text", "slip", TEXT),
    *(("field-line", ground, SHAPE) for ground in GROUNDS),
    *(("focus-line", ground, SHAPE) for ground in GROUNDS + SOFT),
    ("focus-ring", "focus-line", SHAPE),
    ("focus-text", "focus-ground", TEXT),
]


def tokens() -> dict[str, dict[str, str]]:
    """Read the colour tokens of both schemes; dark repeats what it does not change."""
    text = (CSS / "tokens.css").read_text()
    light_text, dark_text = text.split("prefers-color-scheme: dark")
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light_text))
    return {"light": light, "dark": light | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark_text))}


def luminance(colour: str) -> float:
    """Compute the relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@cache
def compressed(folder: Path, pattern: str) -> int:
    return sum(len(brotli.compress(path.read_bytes())) for path in folder.rglob(pattern))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme: str) -> None:
    colours = tokens()[scheme]
    measured = {(ink, ground): contrast(colours[ink], colours[ground]) for ink, ground, _ in PAIRS}
    assert [(ink, ground, measured[ink, ground]) for ink, ground, least in PAIRS if measured[ink, ground] < least] == []


def test_contrast_is_computed_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(contrast("#ec0000", "#ffffff"), 1) == 4.6


def test_dark_changes_every_colour_that_carries_text() -> None:
    both = tokens()
    same = {name for name in both["light"] if both["light"][name] == both["dark"][name]}
    assert same == {"focus-ground", "focus-text", "paper", "ink"}  # a scanner reads the card in the dark, too


def test_colours_are_written_in_the_tokens_and_the_covers_only() -> None:
    elsewhere = [path.name for path in CSS.glob("*.css") if path.name not in ("tokens.css", "books.css", "print.css")]
    found = {name: re.findall(r"#[0-9a-f]{3,8}\b", (CSS / name).read_text()) for name in elsewhere}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_css_and_js_weigh_little() -> None:
    assert compressed(CSS, "*.css") <= 20_000
    assert compressed(JS, "*.js") <= 10_000


def test_css_has_no_ids_and_nothing_important() -> None:
    text = "\n".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in CSS.glob("*.css"))
    assert "!important" not in text
    assert re.findall(r"(?m)^[^{}@;:]*#[a-z][\w-]*[^{};]*\{", text) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_hold_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text) == []
    scripts = re.findall(r"<script([^>]*)>", text)
    assert [script for script in scripts if "src=" not in script and "application/ld+json" not in script] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("components/*.html")), ids=lambda path: path.stem)
def test_components_name_their_parameters_in_the_first_line(path: Path) -> None:
    assert path.read_text().startswith("{# ")


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_gallery_shows_every_component() -> None:
    html = Client().get(reverse("opac:gallery")).content.decode()
    from_base = {"sprite", "header", "footer", "visit", "keyboard", "languages", "back"}
    components = {path.stem for path in TEMPLATES.glob("components/*.html")} - from_base
    assert components - set(re.findall(r'id="c-([a-z_]+)"', html)) == set()


@pytest.mark.django_db
@override_settings(DEBUG=False)
def test_gallery_is_closed_to_the_public() -> None:
    assert Client().get(reverse("opac:gallery"), secure=True).status_code == 404


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([a-z]+)"', (TEMPLATES / "components/sprite.html").read_text()))
    text = "\n".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r'(?:icon[ =]|nav_link "[\w:]+" (?:_\()?"[^"]+"\)? )"([a-z]+)"', text)) - {"name"}
    named |= {look.icon for looks in LOOKS.values() for look in looks.values()} | set(MaterialType.Icon.values)
    assert named - sprite == set()


def chip(thing: object) -> str:
    """Draw a state as pages do."""
    return Template("{% load portal %}{% status thing %}").render(Context({"thing": thing}))


@pytest.mark.parametrize("kind", LOOKS, ids=lambda kind: kind.__qualname__)
def test_every_state_has_a_look(kind: type[TextChoices]) -> None:
    assert set(LOOKS[kind]) == set(kind)


@pytest.mark.parametrize(
    ("thing", "word", "shade", "icon"),
    [
        (Reservation(state="in_transit"), "配送中", "move", "truck"),
        (Item(status="on_hold_shelf"), "取置", "move", "bell"),
        (ShelfEntry(mark="read"), "読んだ", "good", "check"),
        ("overdue", "延滞", "stop", "warning"),
        ("closed", "休館", "", "minus"),
    ],
)
def test_a_state_is_shown_by_what_has_it(thing: object, word: str, shade: str, icon: str) -> None:
    html = chip(thing)
    assert (f"</svg>{word}</span>" in html, f"#i-{icon}" in html) == (True, True)
    assert re.findall(r"status--(\w+)", html) == ([shade] if shade else [])


def test_a_state_keeps_its_look_under_another_word(monkeypatch) -> None:
    before = chip(Reservation(state="waiting"))
    monkeypatch.setattr(State.WAITING, "_label_", "お待ちいただいています")
    _chip.cache_clear()
    after = chip(Reservation(state="waiting"))
    _chip.cache_clear()
    assert after == before.replace("予約中", "お待ちいただいています") != before


@pytest.mark.parametrize("thing", ["予約中", "waiting", Reservation(state="lost"), Item(status=""), object(), None])
def test_what_is_no_state_fails_loudly(thing: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        chip(thing)


@pytest.mark.parametrize("page", SHAPES, indirect=True)
def test_every_component_is_for_everyone(page: Page, settings) -> None:
    settings.DEBUG = True
    page.goto("/gallery/")
    found = [*violations(page), *layout_audit.targets(page), *layout_audit.tabs(page), *layout_audit.system(page)]
    found += layout_audit.zoom(page, layout_audit.HALF) + layout_audit.zoom(page, layout_audit.SMALLEST)
    assert not found, "\n".join(map(str, found))
