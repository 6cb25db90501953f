"""What XML 1.0 can hold of a text: a record may hold more."""

import re

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text: str) -> str:
    """Return a text without the characters that no XML may hold, not even as references."""
    return NO_XML.sub("", text)
