"""A title as schema.org describes it, for search engines."""

import json
import re

from django.conf import settings
from django.utils.safestring import SafeString

from catalog.models import Title

NUMBERED = ("Book", "Audiobook")  # what has an ISBN
BODY = re.compile(
    "(?:会|会議|社|省|庁|局|部|課|館|大学|学校|学部|研究[所室科]|センター|機構|連[盟合]|財団|法人|委員会|[都道府県市区町村]|クラブ)$"
    r"|株式会社|[（(]株[)）]|\b(?:University|Institute|Society|Association|Inc|Ltd)\b"
)
# Letters that could end the script element or start a comment in it.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def json_ld(title: Title) -> SafeString:
    """Return the data block's text; no letter of the record can leave it."""
    kind = title.material_type.schema_type
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": settings.SITE_URL + title.get_absolute_url(),
        "url": settings.SITE_URL + title.get_absolute_url(),
        "name": str(title),
        "alternativeHeadline": title.subtitle,
        "author": [{"@type": maker(name), "name": name} for name in title.creators],
        "publisher": {"@type": "Organization", "name": title.publisher} if title.publisher else None,
        "datePublished": str(title.year) if title.year else None,
        "inLanguage": title.language_tag or None,
        "isbn": title.isbn if kind in NUMBERED else None,
        "about": [{"@type": "Thing", "name": subject} for subject in title.subject_list],
    }
    if title.series:
        issue = kind == "PublicationIssue"
        described["isPartOf"] = {"@type": "Periodical" if issue else "CreativeWorkSeries", "name": title.series.name}
        described["issueNumber" if issue else "position"] = title.volume
    said = {name: value for name, value in described.items() if value}
    return SafeString(json.dumps(said, ensure_ascii=False).translate(ESCAPES))


def maker(name: str) -> str:
    """Tell by its last characters whether a name is that of a body; records keep only the name."""
    return "Organization" if BODY.search(name) else "Person"
