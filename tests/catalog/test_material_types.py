"""A material type is one row: what it is called, how it looks, and how other systems name it."""

import json
import re

import pytest
from django.test import Client

from catalog.machines.dump import as_marc
from catalog.models import MaterialType, Series
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def bluray() -> MaterialType:
    """A type that no code knows, as staff would write it."""
    return MaterialType.objects.create(
        code="bluray",
        name="ブルーレイ",
        names={"en": "Blu-ray disc", "ko": "블루레이"},
        audiovisual=True,
        extendable=False,
        cover=MaterialType.Cover.VIDEO,
        icon=MaterialType.Icon.FILM,
        schema_type="Movie",
        marc_leader="gm",
        marc_physical="vd",
    )


def test_a_new_type_is_drawn_said_and_exported_by_its_row_alone(client: Client, bluray: MaterialType) -> None:
    title = build.title("後楽園四季", code="bluray")
    page = client.get(title.get_absolute_url()).text
    assert "<dd>ブルーレイ</dd>" in page
    assert "cover--video" in page
    assert "#i-film" in page
    described = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert described
    assert json.loads(described[1])["@type"] == "Movie"
    record = as_marc(title)
    assert (str(record.leader)[6:8], record["007"].data) == ("gm", "vd")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Blu-ray disc"), ("ko", "블루레이"), ("vi", "ブルーレイ"), ("ja-easy", "ブルーレイ")]
)
def test_a_type_is_called_what_its_row_says(client: Client, bluray: MaterialType, language: str, said: str) -> None:
    title = build.title(code="bluray")
    assert f"<dd>{said}</dd>" in client.get(f"/{language}{title.get_absolute_url()}").text
    assert f">{said}</label>" in client.get(f"/{language}/search/detail/").text


def test_a_renamed_type_keeps_its_look_and_its_names(client: Client) -> None:
    MaterialType.objects.filter(code="cd").update(name="音楽ディスク")
    page = client.get(build.title(code="cd").get_absolute_url()).text
    assert "<dd>音楽ディスク</dd>" in page
    assert "cover--disc" in page


def test_other_volumes_of_a_series_are_of_their_own_type(client: Client) -> None:
    series = Series.objects.create(name="声の文庫")
    book = build.title("こころ", series=series, volume_order=1)
    spoken = build.title("こころ（朗読）", code="cd", series=series, volume_order=2)
    for here, other, cover in ((book, "CD", "cover--disc"), (spoken, "図書", "cover--book")):
        volumes = client.get(here.get_absolute_url()).text.split('<ol class="books">')[1]
        assert f'<p class="book__imprint">{other}</p>' in volumes
        assert cover in volumes


def test_a_type_with_issues_is_listed_as_a_magazine(client: Client) -> None:
    MaterialType.objects.create(code="newspaper", name="新聞", periodical=True)
    build.title("町の新聞 第1号", code="newspaper", series=Series.objects.create(name="町の新聞"))
    assert "町の新聞" in client.get("/series/").text
    assert "町の新聞" not in client.get("/series/?kind=series").text


def test_staff_type_what_other_languages_call_it(client: Client, bluray: MaterialType) -> None:
    client.force_login(build.staff())
    address = f"/admin/catalog/materialtype/{bluray.pk}/change/"
    page = client.get(address)
    form = page.context["adminform"].form
    assert 'lang="ko">한국어</label>' in page.text
    given = {name: "" if value is None else value for name, value in form.initial.items() if value is not False}
    del given["names"]
    names: dict[str, str] = form.initial["names"]
    boxes = {f"names_{code}": names.get(code, "") for code in ("ja-easy", "en", "zh-hans", "ko", "vi")}
    done = client.post(address, given | boxes | {"names_vi": "Đĩa Blu-ray", "names_ko": ""})
    assert done.status_code == 302, done.context["adminform"].form.errors
    bluray.refresh_from_db()
    assert bluray.names == {"en": "Blu-ray disc", "vi": "Đĩa Blu-ray"}


def test_a_wrong_sign_is_refused_with_an_example(client: Client, bluray: MaterialType) -> None:
    client.force_login(build.staff())
    page = client.post(f"/admin/catalog/materialtype/{bluray.pk}/change/", {"marc_leader": "9"})
    assert "小文字の英字2字です。例：am" in page.text
