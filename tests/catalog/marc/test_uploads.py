"""Cataloguers upload a file, cron imports it, the page shows progress and what was not taken (decision 23)."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from catalog.marc.loading import run
from catalog.marc.loading.load import Loader
from catalog.models import ImportRun, Title
from tests import build
from tests.catalog.marc.records import field, record

pytestmark = pytest.mark.django_db

ADD = "/admin/catalog/importrun/add/"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "marc"


@pytest.fixture
def cataloguer(client):
    user = build.staff("cataloguer1", is_superuser=False)
    user.groups.add(Group.objects.get(name="cataloguing"))
    client.force_login(user)
    return client


def upload(client, data: bytes, name: str = "新着 2026.mrc", encoding: str = ""):
    return client.post(ADD, {"file": SimpleUploadedFile(name, data), "encoding": encoding}, follow=True)


def test_an_upload_waits_is_imported_by_cron_and_says_what_it_did(cataloguer, uploads):
    page = upload(cataloguer, record("1").as_marc() + b"broken\x1d")
    assert "新着 2026.mrc" in page.text
    assert "待っています" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert Title.objects.count() == 0
    call_command("import_uploads")
    page = cataloguer.get(page.request["PATH_INFO"])
    assert "終わりました" in page.text
    assert "MARCの記録ではありません" in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert Title.objects.get().control_number == "1"
    assert list(uploads.iterdir()) == []


def test_a_half_done_import_shows_how_far_it_is(cataloguer):
    half = ImportRun.objects.create(
        name="半分.mrc", state="running", bytes_total=1000, bytes_done=500, records=3, created=3
    )
    page = cataloguer.get(f"/admin/catalog/importrun/{half.pk}/change/")
    assert '<progress id="import-progress" max="100" value="50">' in page.text


def test_an_interrupted_upload_goes_on_at_the_next_cron(cataloguer, monkeypatch):
    upload(cataloguer, b"".join(record(str(number)).as_marc() for number in range(1, 6)))
    monkeypatch.setattr(run, "BATCH", 2)
    behind = run.Import._save

    def die(self):
        behind(self)
        if self.run.records > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(run.Import, "_save", die)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_uploads")
    assert (ImportRun.objects.get().records, Title.objects.count()) == (2, 2)
    monkeypatch.setattr(run.Import, "_save", behind)
    call_command("import_uploads")
    assert (ImportRun.objects.get().created, Title.objects.count()) == (5, 5)


def test_the_encoding_can_be_chosen(cataloguer):
    data = record("1", field("245", a="X" * 10)).as_marc().replace(b"X" * 10, "吾輩は猫だ".encode("cp932"))
    upload(cataloguer, data[:9] + b" " + data[10:], encoding="cp932")
    call_command("import_uploads")
    assert Title.objects.get().title == "吾輩は猫だ"


def test_what_is_no_marc_ends_with_a_reason_on_the_page(cataloguer):
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><collection><record/></collection>'
    page = upload(cataloguer, bomb)
    call_command("import_uploads")
    page = cataloguer.get(page.request["PATH_INFO"])
    assert "取り込めません" in page.text
    assert "DOCTYPE" in page.text


def test_an_upload_that_dies_is_said_and_the_next_one_comes_in(cataloguer, uploads, monkeypatch, caplog):
    monkeypatch.setattr(run, "BATCH", 2)
    page = upload(cataloguer, b"".join(record(str(number)).as_marc() for number in range(1, 6)))
    upload(cataloguer, record("next").as_marc())
    write = Loader.write

    def die(self, batch):
        if batch[0].raw.number > 2:
            raise RuntimeError("nobody thought of this")
        return write(self, batch)

    monkeypatch.setattr(Loader, "write", die)
    call_command("import_uploads")
    following, died = ImportRun.objects.all()
    assert (died.state, died.records, died.created, following.state) == ("failed", 2, 2, "done")
    assert "思わぬ誤りのため、2件目までで止まりました" in cataloguer.get(page.request["PATH_INFO"]).text
    assert "nobody thought of this" in caplog.text
    assert set(Title.objects.values_list("control_number", flat=True)) == {"1", "2", "next"}
    assert list(uploads.iterdir()) == []


def test_a_lost_file_is_said(cataloguer, uploads):
    upload(cataloguer, record("1").as_marc())
    for path in uploads.iterdir():
        path.unlink()
    call_command("import_uploads")
    assert ImportRun.objects.get().error == "ファイルが見つかりません。もう一度アップロードしてください。"


def test_the_name_of_an_upload_decides_nothing(cataloguer, uploads):
    upload(cataloguer, record("1").as_marc(), name="../../evil.py")
    (stored,) = uploads.iterdir()
    assert stored.suffix == ""
    call_command("import_uploads")
    assert Title.objects.count() == 1


def test_a_waiting_upload_can_be_taken_back(cataloguer, uploads):
    upload(cataloguer, record("1").as_marc())
    waiting = ImportRun.objects.get()
    cataloguer.post(f"/admin/catalog/importrun/{waiting.pk}/delete/", {"post": "yes"})
    assert ImportRun.objects.count() == 0
    assert list(uploads.iterdir()) == []


def test_the_counter_cannot_upload(client):
    user = build.staff("counter9", is_superuser=False)
    user.groups.add(Group.objects.get(name="counter"))
    client.force_login(user)
    assert client.get(ADD).status_code == 403


def test_lists_and_rules_open(cataloguer):
    upload(cataloguer, record("1").as_marc() + b"broken\x1d")
    call_command("import_uploads")
    for model in ("importrun", "importline", "marcrecord", "materialrule", "holdingsrule", "librarycode"):
        assert cataloguer.get(f"/admin/catalog/{model}/").status_code == 200
    kept = Title.objects.get().marc_record
    assert cataloguer.get(f"/admin/catalog/marcrecord/{kept.pk}/change/").status_code == 200
