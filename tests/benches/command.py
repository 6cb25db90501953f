"""What all benches are: commands that measure and end with one line of JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand


class BenchCommand(BaseCommand):
    """Say what was measured as a JSON object, alone on the last line."""

    def measure(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the numbers, by name; options are those of the command line."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(self.measure(**options), ensure_ascii=False))
