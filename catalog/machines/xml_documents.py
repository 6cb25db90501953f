"""XML that every reader can read: texts of records without what XML has no place for, and the answer of a view."""

import re
from xml.etree.ElementTree import Element, tostring

from django.http import HttpResponse

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text: str) -> str:
    """Return a text without the characters that no XML 1.0 may hold, not even as references; a record may hold them."""
    return NO_XML.sub("", text)


def xml_response(root: Element, content_type: str = "application/xml") -> HttpResponse:
    """Answer with a document."""
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
