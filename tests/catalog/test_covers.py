"""Pictures of the library's own folder stand where they belong, and no address leads out of it."""

import os
from pathlib import Path

import pytest

from catalog.pages.covers import cover_of
from tests import build

pytestmark = pytest.mark.django_db

PICTURE = bytes.fromhex(  # a PNG of one point
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)
ISBN = "9784000000109"


@pytest.fixture(autouse=True)
def covers(settings, tmp_path) -> Path:
    folder = tmp_path / "covers"
    folder.mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    settings.COVERS = str(folder)
    return folder


def test_a_picture_is_known_by_isbn_or_control_number(covers):
    by_isbn, by_number, without = build.title(isbn=ISBN), build.title(control_number="a-12"), build.title("ない本")
    for name in (f"{ISBN}.jpg", "a-12.webp"):
        (covers / name).write_bytes(PICTURE)
    assert [cover_of(title) for title in (by_isbn, by_number, without)] == [
        f"/covers/{ISBN}.jpg",
        "/covers/a-12.webp",
        "",
    ]


def test_pages_show_it_lazily_in_a_place_of_fixed_size_and_say_nothing_of_it(covers, client):
    title, other = build.title("表紙のある本", isbn=ISBN), build.title("表紙のない本")
    (covers / f"{ISBN}.png").write_bytes(PICTURE)
    shown = f'<img class="cover__image" src="/covers/{ISBN}.png" alt="" width="160" height="224" loading="lazy"'
    for address in ("/", "/new/", "/search/?q=表紙", title.get_absolute_url()):
        assert client.get(address).text.count(shown) == 1, address
    assert 'class="cover__slip"' in client.get(other.get_absolute_url()).text


def test_a_picture_is_kept_for_a_day_and_then_asked_about(covers, client):
    (covers / f"{ISBN}.png").write_bytes(PICTURE)
    answer = client.get(f"/covers/{ISBN}.png")
    assert (b"".join(answer), answer["Content-Type"]) == (PICTURE, "image/png")
    assert "max-age=86400" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.cookies == {}
    again = client.get(f"/covers/{ISBN}.png", headers={"if-modified-since": answer["Last-Modified"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    ["../secret.jpg", "..%2Fsecret.jpg", "%2e%2e%2fsecret.jpg", "..\\secret.jpg", "%00.jpg", "a.jpg%00", "notes.txt",
     ".jpg", "none.jpg", "%2Fetc%2Fpasswd", "folder.png"],
)  # fmt: skip
def test_nothing_else_is_given(covers, client, name):
    (covers / "notes.txt").write_text("notes")
    (covers / "folder.png").mkdir()
    assert client.get(f"/covers/{name}").status_code == 404


def test_a_new_file_is_seen_and_a_folder_that_is_gone_is_none(covers, settings):
    title = build.title(isbn=ISBN)
    assert cover_of(title) == ""
    (covers / f"{ISBN}.jpeg").write_bytes(PICTURE)
    os.utime(covers, ns=(1, 1))
    assert cover_of(title) == f"/covers/{ISBN}.jpeg"
    settings.COVERS = str(covers / "gone")
    assert cover_of(title) == ""
    settings.COVERS = ""
    assert cover_of(title) == ""
