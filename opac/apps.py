from django.apps import AppConfig


class OpacConfig(AppConfig):
    name = "opac"
    verbose_name = "全館"
