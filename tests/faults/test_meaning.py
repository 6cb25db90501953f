"""What an error of the database is taken for, by PostgreSQL's own codes."""

import psycopg
import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, Error, IntegrityError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest
from django.test import RequestFactory
from psycopg import errors

from catalog.database.faults import outcome_unknown, passing
from opac.pages import errors as pages

Kinds = dict[type[Exception], type[Error]]
CERTAIN: Kinds = {
    errors.LockNotAvailable: OperationalError,
    errors.DeadlockDetected: OperationalError,
    errors.SerializationFailure: OperationalError,
    errors.QueryCanceled: OperationalError,
    errors.DiskFull: OperationalError,
    errors.ReadOnlySqlTransaction: InternalError,
}
UNKNOWN: Kinds = {
    errors.AdminShutdown: OperationalError,
    errors.CrashShutdown: OperationalError,
    errors.CannotConnectNow: OperationalError,
    errors.ConnectionFailure: OperationalError,
    psycopg.OperationalError: OperationalError,  # the line broke: no code
    psycopg.InterfaceError: InterfaceError,
}
WRONG: Kinds = {
    errors.UniqueViolation: IntegrityError,
    errors.UndefinedTable: DatabaseError,
    errors.DataCorrupted: InternalError,
}


def raised(kind: type[Exception], as_django: type[Error]) -> Error:
    """Return the error as Django hands it on."""
    try:
        raise as_django("it fell") from kind("it fell")
    except Error as error:
        return error


def sent(method: str = "POST", path: str = "/basket/reservation/") -> HttpRequest:
    return RequestFactory().generic(method, path)


@pytest.mark.parametrize("kind", [*CERTAIN, *UNKNOWN])
def test_what_passes_is_503_and_says_only_what_is_certain(kind: type[Exception]):
    error = raised(kind, (CERTAIN | UNKNOWN)[kind])
    assert passing(error) is error
    assert outcome_unknown(error) is (kind in UNKNOWN)
    middleware = pages.BusyMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    answer = middleware.process_exception(sent(), error)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    text = answer.content.decode()
    assert ("記録は変わっていません" in text, "予約一覧でお確かめください" in text) == (
        kind in CERTAIN,
        kind in UNKNOWN,
    )


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_statement_stays_a_fault(kind: type[Exception]):
    assert passing(raised(kind, WRONG[kind])) is None


def test_who_only_reads_is_not_sent_to_look(client):
    middleware = pages.BusyMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    answer = middleware.process_exception(sent("GET"), raised(psycopg.OperationalError, OperationalError))
    assert answer is not None
    assert "予約一覧" not in answer.content.decode()


def test_staff_are_not_sent_to_a_patrons_page():
    middleware = pages.BusyMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    lost = raised(psycopg.OperationalError, OperationalError)
    answer = middleware.process_exception(sent(path="/admin/catalog/title/add/"), lost)
    assert answer is not None
    assert "/my/reservations/" not in answer.content.decode()


def test_a_session_that_was_not_saved_is_known_by_what_stands_behind_it():
    interrupted = SessionInterrupted("The request's session was deleted")
    interrupted.__context__ = raised(errors.ReadOnlySqlTransaction, InternalError)
    assert pages.bad_request(sent(), interrupted).status_code == 503
    assert pages.bad_request(sent(), SessionInterrupted("deleted")).status_code == 400


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy", "/ko", "/vi", "/zh-hans"])
def test_the_page_is_in_the_language_of_the_address(language: str):
    lost = raised(psycopg.OperationalError, OperationalError)
    middleware = pages.BusyMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    answer = middleware.process_exception(sent(path=f"{language}/basket/reservation/"), lost)
    assert answer is not None
    assert f'href="{language}/my/reservations/"' in answer.content.decode()
    assert ("予約一覧でお確かめください" in answer.content.decode()) is (language == "")
