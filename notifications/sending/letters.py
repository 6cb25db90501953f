"""A letter is written from a template in the patron's language; its first line is the subject."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import select_template
from django.utils import translation

from notifications.sending.run_facts import House
from patrons.models import Patron

SPACE = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Letter:
    """What a patron reads. A subject never names a title (SPEC N4); ``unsubscribe`` is a link or ""."""

    subject: str
    body: str
    unsubscribe: str = ""


def write(kind: str, patron: Patron, house: House, *, unsubscribe: str = "", **context: object) -> Letter:
    """Write the letter of a kind with templates/notifications/<language>/<kind>.txt, Japanese where there is none."""
    languages = dict.fromkeys((patron.language, patron.language.partition("-")[0], settings.LANGUAGE_CODE))
    template = select_template([f"notifications/{language}/{kind}.txt" for language in languages])
    context |= {"patron": patron, "policy": house.policy, "unsubscribe": unsubscribe}
    context["site"] = settings.SITE_URL.rstrip("/")
    with translation.override(template.template.name.split("/")[1]):
        subject, _, body = SPACE.sub("\n\n", template.render(context)).strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n", unsubscribe)
