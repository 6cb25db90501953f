"""The docs stay true: links lead somewhere, files that are named exist, decisions have no holes."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import MODULES_A_FOLDER, ROOMS
from tests.run import CHECKS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
TREE = [path for top in (*ROOMS, "tests", "static", "templates") for path in (ROOT / top).rglob("*.*")]
LONGEST_LINE = 120


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_line_fits_a_window(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert {number: line for number, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
    assert {link for link in links if not (page.parent / link).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_module_that_is_named_exists(page):
    """A file by its path, or in a table of one folder by its name; a module and what stands in it by dots."""
    known = {path.name for path in TREE}
    missing = []
    for name in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        if re.fullmatch(r"[\w/-]+\.(py|css|js|tsv)", name):
            found = (ROOT / name).exists() or Path(name).name in known
        elif name.split(".")[0] in ROOMS and re.fullmatch(r"\w+(\.\w+)+", name):
            steps = name.split(".")
            found = any(is_module(steps[:count]) for count in (len(steps), len(steps) - 1) if count > 1)
        else:
            continue
        if not found:
            missing.append(name)
    assert missing == []


def is_module(steps: list[str]) -> bool:
    path = ROOT.joinpath(*steps)
    return path.is_dir() or path.with_suffix(".py").exists()


def test_the_readme_links_every_page_of_the_docs():
    linked = set(re.findall(r"\]\(([^)#]+)", text("README.md")))
    pages = {str(page.relative_to(ROOT)) for page in PAGES if page not in DECISIONS}
    assert pages - linked - {"README.md"} == set()


def test_decisions_are_numbered_without_holes_and_each_says_date_and_status():
    assert [int(page.name[:2]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for number, page in enumerate(DECISIONS, start=1):
        heading = rf"# {number}\. .+\n\n- Date: 20\d\d-\d\d-\d\d\n- Status: .+\n\n## What was decided\n"
        assert re.match(heading, page.read_text(encoding="utf-8")), page.name


def test_the_list_of_decisions_says_what_their_pages_say():
    rows = re.findall(r"\| \[(\d+)\]\((.+?)\) \| (.+?) \| (.+?) \| (.+?) \|", text("docs/decisions/README.md"))
    pages = []
    for page in DECISIONS:
        title, date, status = re.findall(r"^(?:# \d+\. |- Date: |- Status: )(.+)$", page.read_text("utf-8"), re.M)[:3]
        pages.append((str(int(page.name[:2])), page.name, title, date, status))
    assert rows == pages


def test_files_to_open_exist_and_no_question_asks_for_more_than_three():
    questions = text("CONTRIBUTING.md").partition("| question |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(questions) == 7
    for row in questions:
        files = [name for name in re.findall(r"`([^`]+)`", row) if "/" in name]
        assert 1 <= len(files) <= 3, row
        assert [name for name in files if not (ROOT / name).exists()] == []


def test_contributing_says_what_goes_into_every_package():
    unlisted = {"management", "commands", "migrations", "models", "templatetags"}
    packages = {folder.parent for room in ROOMS for folder in (ROOT / room).glob("*/**/__init__.py")}
    names = {str(folder.relative_to(ROOT)) for folder in packages if not unlisted & {folder.name, folder.parent.name}}
    said = text("CONTRIBUTING.md")
    inside_marc = {"catalog/marc/files", "catalog/marc/meaning", "catalog/marc/loading"}
    assert {name for name in names - inside_marc if f"`{name}`" not in said} == set()
    assert {name for name in re.findall(r"`([a-z_]+/[a-z_/]+)`", said) if not (ROOT / name).exists()} - {
        "management/commands"
    } == set()
    assert f"No folder shows more than {MODULES_A_FOLDER} modules" in said


def test_every_package_says_what_lives_there():
    doors = [door for room in ROOMS for door in (ROOT / room).glob("*/**/__init__.py")]
    opened = [door for door in doors if not {"management", "migrations", "templatetags"} & set(door.parts)]
    assert [str(door) for door in opened if not ast.get_docstring(ast.parse(door.read_text(encoding="utf-8")))] == []


def test_a_commit_is_checked_as_the_tests_check():
    hooks = text(".pre-commit-config.yaml")
    assert {" ".join(check) for check in CHECKS if f" {' '.join(check).removesuffix(' .')}\n" not in hooks} - {
        "djade --target-version 5.2 --check"  # named by its own, since it is given the files
    } == set()
    assert "entry: .venv/bin/djade --target-version 5.2 --check\n" in hooks
    assert hooks.count("- id: ") == len(CHECKS)
