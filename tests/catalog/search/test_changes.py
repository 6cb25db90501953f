"""The change log names every title whose search document changed, and none is overtaken."""

import pytest
from django.db import connections, transaction

from catalog.models import Item, Series, Title, TitleChange
from tests import build


@pytest.fixture
def library(db):
    return build.library()


def logged() -> set[int]:
    changed = set(TitleChange.objects.values_list("title_id", flat=True))
    TitleChange.objects.all().delete()
    return changed


def test_records_and_copies_are_logged_however_they_are_written(library):
    title, other = build.title("猫"), build.title("犬")
    assert logged() == {title.pk, other.pk}
    item = build.item(title, library)
    assert logged() == {title.pk}
    Item.objects.filter(pk=item.pk).update(status=Item.Status.MISSING)
    assert logged() == {title.pk}
    Item.objects.filter(pk=item.pk).update(title=other)
    assert logged() == {title.pk, other.pk}
    Title.objects.filter(pk=title.pk).update(year=2020)
    assert logged() == {title.pk}
    Title.objects.filter(pk=title.pk).delete()
    assert logged() == {title.pk}


def test_a_new_name_of_a_series_is_logged_for_its_titles(library):
    series = Series.objects.create(name="旧い名")
    title = build.title("一巻", series=series)
    logged()
    Series.objects.update(name="新しい名")
    assert logged() == {title.pk}


def test_a_reservation_s_number_is_not_logged(library):
    title = build.title()
    logged()
    Title.objects.filter(pk=title.pk).update(last_queue_number=7)
    assert logged() == set()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_late_is_not_overtaken():
    build.title("前からある")
    second, start = connections.create_connection("default"), TitleChange.watermark()
    try:
        with transaction.atomic():
            late = build.title("遅れて終わる")
            with second.cursor() as cursor:
                cursor.execute("UPDATE catalog_title SET year = 1999 WHERE title = '前からある' RETURNING id")
                overtaking = cursor.fetchone()[0]
                cursor.execute("SELECT pg_current_snapshot()::text")
                watermark = cursor.fetchone()[0]
            assert TitleChange.titles_between(start, watermark) == [overtaking]
        assert TitleChange.titles_between(watermark, TitleChange.watermark()) == [late.pk]
    finally:
        second.close()


def test_a_bulk_load_is_logged_by_one_insert(db, django_assert_num_queries):
    kind = build.kind()
    titles = [Title(title=f"本{number}", material_type=kind, added_on=build.TODAY) for number in range(200)]
    with django_assert_num_queries(1):
        Title.objects.bulk_create(titles)
    assert len(logged()) == 200
