from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OpacConfig(AppConfig):
    name = "opac"
    verbose_name = "全館"
    default = True


class StaffSiteConfig(admin_apps.AdminConfig):
    """Make the staff's site (``opac.admin``) the one that rooms register with."""

    default = False
    default_site = "opac.admin.PortalAdminSite"
