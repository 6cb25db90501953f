"""The README stays true: every setting and every command an operator needs stands in it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")


def test_every_setting_from_the_environment_is_in_the_table():
    settings = (ROOT / "opac" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings))
    assert {name for name in names if f"`{name}`" not in README} == set()


def test_every_command_of_an_operator_is_named():
    files = {
        path for app in (*ROOMS, "tests/benches") for path in (ROOT / app / "management/commands").glob("[a-z]*.py")
    }
    commands = {path.stem for path in files} - {"sample_mailbox"}
    assert {name for name in commands if name not in README} == set()


def test_every_page_and_picture_it_links_is_there():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert {link for link in links if not (ROOT / link).exists()} == set()
