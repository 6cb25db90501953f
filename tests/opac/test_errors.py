"""Error pages say what happened, what is kept and what to do, also when the database is the cause."""

from typing import cast

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from catalog.models import Terminal
from catalog.requests import PortalRequest
from opac.faces import face as faces
from opac.pages import errors
from tests.sure import sure


@pytest.mark.django_db
def test_a_page_that_does_not_exist_is_explained() -> None:
    answer = Client().get("/nothing-here/")
    assert (answer.status_code, "ページが見つかりません" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_that_nothing_changed() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"card_number": "01234567", "password": "x"})
    assert (answer.status_code, "記録は変わっていません" in answer.content.decode()) == (403, True)


def test_the_page_for_500_needs_no_database() -> None:
    answer = errors.server_error(RequestFactory().get("/"))
    assert (answer.status_code, "こちらの不具合です" in answer.content.decode()) == (500, True)


@pytest.mark.parametrize(("kind", "touch"), [(Terminal.Kind.KEYBOARD, False), (Terminal.Kind.TOUCH, True)])
@pytest.mark.parametrize("page", [errors.server_error, errors.busy])
def test_a_shared_device_keeps_its_logout_and_no_link_out_without_a_database(kind, touch, page) -> None:
    request = cast(PortalRequest, RequestFactory().get("/my/"))
    request.COOKIES["sessionid"] = "somebody's"
    request.terminal, request.face = Terminal(kind=kind), faces.FACES[kind]
    html = page(request).content.decode()
    assert (html.count("data-leave"), "ログアウト</button>" in html, "face-touch" in html) == (1, True, touch)
    assert "?in" in html
    assert 'href="http' not in html
    request.COOKIES.clear()
    assert "ログアウト</button>" not in page(request).content.decode()


def answer_to(fault: Exception) -> HttpResponse | None:
    """Let the middleware see what a view raised."""
    return errors.BusyMiddleware(lambda request: HttpResponse()).process_exception(RequestFactory().get("/"), fault)


def test_a_lock_that_was_not_got_is_answered_503_with_a_time_to_retry() -> None:
    answer = sure(answer_to(OperationalError("lock timeout")))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "混み合っています" in answer.content.decode()


def test_other_faults_stay_faults() -> None:
    assert answer_to(ValueError()) is None
