"""A letter is written from a template in the patron's language; its first line is the subject."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from catalog.languages.table import BY_CODE, JAPANESE
from notifications.run_facts import RunFacts
from patrons.models import Patron

SPACE = re.compile(r"\n{3,}")
SIGNER = signing.Signer(salt="notifications.unsubscribe")


@dataclass(frozen=True)
class Letter:
    """What a patron reads. A subject never names a title (SPEC N4); ``unsubscribe`` is a link or ""."""

    subject: str
    body: str
    unsubscribe: str = ""


def write(kind: str, patron: Patron, facts: RunFacts, said: Mapping[str, object], *, unsubscribe: str) -> Letter:
    """Write the letter of a kind with templates/notifications/<language>/<kind>.txt, in the patron's own letters."""
    language = BY_CODE.get(patron.language, JAPANESE).letters
    template = get_template(f"notifications/{language}/{kind}.txt")
    context = {**said, "patron": patron, "policy": facts.policy, "unsubscribe": unsubscribe}
    context["site"] = settings.SITE_URL.rstrip("/")
    with translation.override(language):
        subject, _, body = SPACE.sub("\n\n", template.render(context)).strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n", unsubscribe)


def unsubscribe_link(patron: Patron, kind: str) -> str:
    """Return the absolute URL that stops this kind for this patron; always the same one."""
    token = SIGNER.sign_object([patron.pk, str(kind)])
    return settings.SITE_URL.rstrip("/") + reverse("notifications:unsubscribe", args=(token,))
