"""What the portal writes to its log: a line a fault, with the number of the request, and nothing about a patron.

A line names the route (``titles/<int:pk>/``), never the address, which may hold a search or a token. Of an exception it
has the type and where it went, and its words only where programmers chose them: an error of a value quotes the value.
"""

import json
import logging
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mail_admins
from django.db import Error, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

HEADER = "X-Request-ID"
NUMBER = re.compile("[A-Za-z0-9-]{8,64}")
SECONDS_A_MAIL = 600
BUSY = 503  # the portal has a line of its own for it, without the traceback

PROGRAMMERS_WORDS = (AttributeError, NameError, ImportError, TypeError, ImproperlyConfigured)
SERVERS_WORDS = (OperationalError, InterfaceError, InternalError)
LONGEST_CHAIN = 10
ADDRESS = re.compile(r"(?<=/)[^\s/?]*\?\S*")
DETAIL = re.compile(r"\s*(?:DETAIL|CONTEXT|LINE|QUERY|STATEMENT)\b.*", re.DOTALL)
TELLING = re.compile(r"\S+@\S+|[^\x00-\x7f]+|[0-9][0-9-]{4,}[0-9]|'[^']*'|\"[^\"]*\"")

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class RequestMiddleware:
    """Number every request; the number stands on error pages, in the answer's header and in every line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.number = _number(request)  # type: ignore[attr-defined]
        before = _request.set(request)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(before)
        response[HEADER] = request.number  # type: ignore[attr-defined]
        return response


def _number(request: HttpRequest) -> str:
    """Return the number that a trusted proxy gave, or a new one."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if NUMBER.fullmatch(given) else uuid4().hex[:12]


def current() -> str:
    """Return the number of the request that is answered, empty outside one."""
    return getattr(_request.get(), "number", "")


def scrubbed(text: str) -> str:
    """Take out of a line what may be a search, a name, a number of a card or whatever was quoted."""
    return " ".join(TELLING.sub("…", ADDRESS.sub("…", DETAIL.sub("", text))).split())


class Lines(logging.Formatter):
    """Write a record as one line for people, or as one JSON object."""

    def __init__(self, *, as_json: bool = False) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        facts = self._facts(record)
        if self.as_json:
            return json.dumps(facts, ensure_ascii=False)
        trace = "".join(f"\n  {line}" for line in facts.get("trace", ()))
        where = f" {facts['request']} {facts['route']}" if "request" in facts else ""
        return f"{facts['time']} {facts['level']} {facts['logger']}{where}: {facts['message']}{trace}"

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        moment = datetime.fromtimestamp(record.created).astimezone()
        facts: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        asked = getattr(record, "request", None) or _request.get()
        if isinstance(asked, HttpRequest):
            facts |= {"request": getattr(asked, "number", "-"), "route": f"{asked.method} {_route(asked)}"}
            status = getattr(record, "status_code", None)
        else:
            status = None
        facts["message"] = f"status {status}" if status else scrubbed(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            facts["trace"] = list(_told(record.exc_info[1]))
        return facts


def _route(request: HttpRequest) -> str:
    try:
        return (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return "-"


def _told(error: BaseException) -> Iterator[str]:
    """Yield what is said of an exception and of those behind it, the first cause last."""
    told: BaseException | None = error
    for _ in range(LONGEST_CHAIN):
        if told is None:
            return
        yield f"{type(told).__module__}.{type(told).__qualname__}{_words(told)}"
        yield from (
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(told.__traceback__)
        )
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)


def _words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f": {error.strerror}"
    if isinstance(error, PROGRAMMERS_WORDS):
        return f": {re.sub('[^ -~]+', '…', str(error))}"
    if isinstance(error, Error):
        about = getattr(error.__cause__, "diag", None)
        facts = (
            getattr(error.__cause__, "sqlstate", None),
            about and about.constraint_name,
            about and about.table_name,
        )
        words = [scrubbed(str(error))] if isinstance(error, SERVERS_WORDS) else []
        return ": " + " ".join([*filter(None, facts), *words])
    return ""


class Worth(logging.Filter):
    """Leaves out Django's own word on a 503, which the portal has told already."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != BUSY


class Mails(logging.Handler):
    """Mails a fault's lines to ERROR_MAILS, one mail a process in ten minutes; the request does not wait for it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.silent_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if settings.ADMINS and monotonic() >= self.silent_until:
            self.silent_until = monotonic() + SECONDS_A_MAIL
            given = ("a fault; the log may have more", self.format(record))
            threading.Thread(target=mail_admins, args=given, kwargs={"fail_silently": True}, daemon=True).start()


def configuration(*, as_json: bool, mails: bool = False) -> dict[str, Any]:
    """Return LOGGING: everything from WARNING up goes to stderr; what visitors did wrong (4xx) is not the log's."""
    handlers = {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["worth"]}}
    if mails:
        handlers["mails"] = {"class": "opac.request_log.Mails", "formatter": "lines", "filters": ["worth"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "opac.request_log.Lines", "as_json": as_json}},
        "filters": {"worth": {"()": "opac.request_log.Worth"}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }
