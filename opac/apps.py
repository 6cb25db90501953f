from importlib import import_module

from django.apps import AppConfig


class OpacConfig(AppConfig):
    name = "opac"
    verbose_name = "全館"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("opac.checks")
