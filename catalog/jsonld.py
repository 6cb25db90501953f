"""A title as schema.org describes it, for search engines."""

import json

from django.conf import settings
from django.utils.safestring import SafeString

from catalog.models import Title

KINDS = {"book": "Book", "magazine": "PublicationIssue", "cd": "MusicAlbum", "spoken_cd": "Audiobook", "dvd": "Movie"}
# Letters that could end the script element or start a comment in it.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def json_ld(title: Title) -> SafeString:
    """Return the data block's text; no letter of the record can leave it."""
    described = {
        "@context": "https://schema.org",
        "@type": KINDS.get(title.material_type.code, "CreativeWork"),
        "@id": settings.SITE_URL + title.get_absolute_url(),
        "url": settings.SITE_URL + title.get_absolute_url(),
        "name": str(title),
        "alternativeHeadline": title.subtitle,
        "author": [{"@type": "Person", "name": name} for name in title.creators],
        "publisher": {"@type": "Organization", "name": title.publisher} if title.publisher else None,
        "datePublished": str(title.year) if title.year else None,
        "isbn": title.isbn,
        "about": title.subject_list,
        "isPartOf": {"@type": "CreativeWorkSeries", "name": title.series.name} if title.series else None,
    }
    said = {name: value for name, value in described.items() if value}
    return SafeString(json.dumps(said, ensure_ascii=False).translate(ESCAPES))
