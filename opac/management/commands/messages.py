"""Write what the patrons' pages say into the catalogues, and compile them."""

import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import to_locale

from opac.catalogues import merge, messages_of_code, messages_of_templates


class Command(BaseCommand):
    help = "Bring locale/*/LC_MESSAGES/django.po up to date with the templates and compile them (needs gettext)."

    def handle(self, *args, **options) -> None:
        """Merge the messages into each language's catalogue; what is no longer said leaves it."""
        said = messages_of_templates() | messages_of_code()
        for code, name in settings.LANGUAGES:
            if code == settings.LANGUAGE_CODE:
                continue
            catalogue = Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.po"
            missing = merge(catalogue, said, code)
            compiled = catalogue.with_suffix(".mo")
            subprocess.run(["msgfmt", "--check-format", "-o", compiled, catalogue], check=True)  # noqa: S603, S607
            self.stdout.write(f"{name}: {len(said) - missing} of {len(said)}")
