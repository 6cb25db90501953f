"""``bench_desk`` measures real scans and leaves nothing behind."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from catalog.models import Item, Library, Title
from loans.models import Loan
from patrons.models import Patron, User


@pytest.mark.usefixtures("transactional_db")
def test_the_bench_scans_over_http_and_takes_its_rows_away() -> None:
    told = StringIO()
    call_command("bench_desk", "--scans", "25", stdout=told)
    numbers = json.loads(told.getvalue())
    assert list(numbers) == ["scans", "p50_ms", "p95_ms", "queries_per_scan", "errors"]
    assert (numbers["scans"], numbers["errors"], numbers["queries_per_scan"] < 25) == (25, 0, True)
    kept = [model.objects.count() for model in (Loan, Item, Title, Patron, User, Library)]
    assert kept == [0] * 6
