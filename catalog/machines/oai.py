"""OAI-PMH 2.0: other catalogues harvest our records as Dublin Core.

A list is walked by id, a page at a time; the resumption token says where it stopped and what was asked. Deleted records
are remembered for ever (``deletedRecord`` persistent) and stand in their place. Times are UTC to the second.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, register_namespace

from django.conf import settings
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.machines.xml_documents import for_xml, xml_response
from catalog.models import DeletedTitle, Policy, Title
from catalog.pages.search_slots import with_harvest_slot
from catalog.typed_numbers import typed_number

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
for _prefix, _uri in (("", OAI), ("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    register_namespace(_prefix, _uri)

PREFIX = "oai_dc"
PER_PAGE = 100
Entry = Title | DeletedTitle
DAY, SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"


class OaiError(Exception):
    """What a harvester asked cannot be answered; ``code`` is one of the protocol's."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


@dataclass(frozen=True)
class Walk:
    """What a list asks for, and the id it has reached."""

    since: str = ""
    until: str = ""
    after: int = 0

    @classmethod
    def begun(cls, arguments: dict[str, str]) -> "Walk":
        """Return the walk over the records of a time, from its beginning."""
        _require_prefix(arguments)
        if "set" in arguments:
            list_sets(Element("none"), {})
        since, until = arguments.get("from", ""), arguments.get("until", "")
        if since and until and (len(since) != len(until) or _moment(since) > _moment(until)):
            raise OaiError("badArgument", "From and until are of one granularity, and from is not the later.")
        for moment in filter(None, (since, until)):
            _moment(moment)
        return cls(since, until)

    @classmethod
    def resumed(cls, arguments: dict[str, str]) -> "Walk":
        """Return the walk that a resumption token goes on with."""
        if len(arguments) > 1:
            raise OaiError("badArgument", "A resumption token stands alone.")
        since, until, reached = [*arguments["resumptionToken"].split("!"), "", "", ""][:3]
        after = typed_number(reached)
        walk = cls(since, until, after or 0)
        try:
            for moment in filter(None, (since, until)):
                _moment(moment)
        except OaiError:
            after = None
        if after is None or walk.token != arguments["resumptionToken"]:
            raise OaiError("badResumptionToken", "That is no token of ours.")
        return walk

    @property
    def token(self) -> str:
        return f"{self.since}!{self.until}!{self.after}"

    def entries(self) -> list[Entry]:
        """Return what comes next, records and deleted ones in one order, one more than a page holds."""
        titles = self._changed_between(Title.objects.select_related("material_type").order_by("pk"))
        gone = self._changed_between(DeletedTitle.objects.order_by("pk"))
        return sorted([*titles[: PER_PAGE + 1], *gone[: PER_PAGE + 1]], key=lambda entry: entry.pk)[: PER_PAGE + 1]

    def _changed_between(self, entries: QuerySet) -> QuerySet:
        entries = entries.filter(pk__gt=self.after)
        if self.since:
            entries = entries.filter(changed_at__gte=_moment(self.since)[0])
        if self.until:
            entries = entries.filter(changed_at__lt=_moment(self.until)[1])
        return entries


@csrf_exempt  # the protocol asks for POST too; nothing here changes anything
@require_http_methods(["GET", "HEAD", "POST"])
@with_harvest_slot
def oai(request: HttpRequest) -> HttpResponse:
    """Answer one request of a harvester."""
    asked = request.POST if request.method == "POST" else request.GET
    root = Element(f"{{{OAI}}}OAI-PMH")
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", timezone.now().astimezone(UTC).strftime(SECOND))
    echo = _add(root, "request", _address())
    try:
        verb, arguments = _read(asked)
        answer = Element(f"{{{OAI}}}{verb}")
        VERBS[verb][0](answer, arguments)
        echo.attrib.update({name: for_xml(value) for name, value in {"verb": verb, **arguments}.items()})
        root.append(answer)
    except OaiError as error:
        _add(root, "error", str(error)).set("code", error.code)
    return xml_response(root, "text/xml")


def _read(asked: QueryDict) -> tuple[str, dict[str, str]]:
    """Return verb and arguments; raises OaiError for what the protocol does not allow."""
    if any(len(values) > 1 for _, values in asked.lists()):
        raise OaiError("badArgument", "An argument stands twice.")
    arguments = {name: str(value) for name, value in asked.items()}
    verb = arguments.pop("verb", "")
    if verb not in VERBS:
        raise OaiError("badVerb", "There is no such verb.")
    _, allowed = VERBS[verb]
    if unknown := arguments.keys() - allowed:
        raise OaiError("badArgument", f"Not an argument of {verb}: {', '.join(sorted(unknown))[:100]}")
    return verb, arguments


def identify(answer: Element, arguments: dict[str, str]) -> None:
    policy = Policy.current()
    firsts = [model.objects.aggregate(first=Min("changed_at"))["first"] for model in (Title, DeletedTitle)]
    first = min(filter(None, firsts), default=None)
    _add(answer, "repositoryName", policy.organisation_name)
    _add(answer, "baseURL", _address())
    _add(answer, "protocolVersion", "2.0")
    _add(answer, "adminEmail", policy.mail_from)
    _add(answer, "earliestDatestamp", (first or timezone.now()).astimezone(UTC).strftime(SECOND))
    _add(answer, "deletedRecord", "persistent")
    _add(answer, "granularity", "YYYY-MM-DDThh:mm:ssZ")


def list_formats(answer: Element, arguments: dict[str, str]) -> None:
    if "identifier" in arguments:
        _entry(arguments["identifier"])
    described = _add(answer, "metadataFormat")
    _add(described, "metadataPrefix", PREFIX)
    _add(described, "schema", f"{OAI_DC[:-1]}.xsd")
    _add(described, "metadataNamespace", OAI_DC)


def list_sets(answer: Element, arguments: dict[str, str]) -> None:
    raise OaiError("noSetHierarchy", "The records are not divided into sets.")


def get_record(answer: Element, arguments: dict[str, str]) -> None:
    if "identifier" not in arguments:
        raise OaiError("badArgument", "Which record?")
    _require_prefix(arguments)
    _record(answer, _entry(arguments["identifier"]))


def list_identifiers(answer: Element, arguments: dict[str, str]) -> None:
    _list(answer, arguments, _header)


def list_records(answer: Element, arguments: dict[str, str]) -> None:
    _list(answer, arguments, _record)


VERBS: dict[str, tuple[Callable[[Element, dict[str, str]], None], frozenset[str]]] = {
    "Identify": (identify, frozenset()),
    "ListMetadataFormats": (list_formats, frozenset({"identifier"})),
    "ListSets": (list_sets, frozenset({"resumptionToken"})),
    "GetRecord": (get_record, frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": (list_identifiers, frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})),
    "ListRecords": (list_records, frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})),
}


def _list(answer: Element, arguments: dict[str, str], one: Callable[[Element, Entry], None]) -> None:
    walk = Walk.resumed(arguments) if "resumptionToken" in arguments else Walk.begun(arguments)
    entries = walk.entries()
    if not entries:
        raise OaiError("noRecordsMatch", "No record changed in that time.")
    for entry in entries[:PER_PAGE]:
        one(answer, entry)
    if len(entries) > PER_PAGE:
        _add(answer, "resumptionToken", replace(walk, after=entries[PER_PAGE - 1].pk).token)
    elif walk.after:
        _add(answer, "resumptionToken")


def _moment(text: str) -> tuple[datetime, datetime]:
    """Return the first moment that a date or time names and the first moment after it."""
    for form, length in ((DAY, timedelta(days=1)), (SECOND, timedelta(seconds=1))):
        try:
            start = datetime.strptime(text, form).replace(tzinfo=UTC)
            return start, start + length
        except (ValueError, OverflowError):
            continue
    raise OaiError("badArgument", "Times are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def _require_prefix(arguments: dict[str, str]) -> None:
    if "metadataPrefix" not in arguments:
        raise OaiError("badArgument", "In which format?")
    if arguments["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", "Records are given as oai_dc.")


def _entry(identifier: str) -> Entry:
    prefix, _, typed = identifier.rpartition(":")
    number = typed_number(typed) if prefix == _identifier_prefix() else None
    found: Entry | None = None
    if number is not None:
        found = Title.objects.select_related("material_type").filter(pk=number).first()
        found = found or DeletedTitle.objects.filter(pk=number).first()
    if not found:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return found


def _identifier_prefix() -> str:
    return f"oai:{settings.SITE_URL.partition('://')[2].partition(':')[0].partition('/')[0]}"


def _header(parent: Element, entry: Entry) -> None:
    header = _add(parent, "header")
    if isinstance(entry, DeletedTitle):
        header.set("status", "deleted")
    _add(header, "identifier", f"{_identifier_prefix()}:{entry.pk}")
    _add(header, "datestamp", entry.changed_at.astimezone(UTC).strftime(SECOND))


def _record(parent: Element, entry: Entry) -> None:
    record = _add(parent, "record")
    _header(record, entry)
    if isinstance(entry, DeletedTitle):
        return
    core = SubElement(_add(record, "metadata"), f"{{{OAI_DC}}}dc")
    core.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {OAI_DC[:-1]}.xsd")
    for name, value in dublin_core(entry):
        if value:
            SubElement(core, f"{{{DC}}}{name}").text = for_xml(value)


def dublin_core(title: Title) -> list[tuple[str, str]]:
    """Return what Dublin Core says of a title, element by element; what is empty is left out later."""
    named = [("title", f"{title}：{title.subtitle}" if title.subtitle else str(title))]
    named += [("creator", name) for name in title.creators]
    named += [("subject", subject) for subject in title.subject_list]
    named += [("subject", f"NDC {title.ndc}" if title.ndc else ""), ("publisher", title.publisher)]
    named += [("date", str(title.year or "")), ("type", title.material_type.name), ("language", title.language)]
    named += [("identifier", settings.SITE_URL + title.get_absolute_url())]
    return named + [("identifier", f"urn:ISBN:{number}") for number in title.isbns]


def _add(parent: Element, name: str, text: str = "") -> Element:
    made = SubElement(parent, f"{{{OAI}}}{name}")
    made.text = for_xml(text) or None
    return made


def _address() -> str:
    return settings.SITE_URL + reverse("catalog:oai")
