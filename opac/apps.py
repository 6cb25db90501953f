from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class OpacConfig(AppConfig):
    name = "opac"
    verbose_name = "全館"
    default = True

    def ready(self) -> None:
        """Write the staff's roles after every ``migrate``, when the rooms' permissions are there.

        Django makes permissions app by app in the order of INSTALLED_APPS, where the rooms stand before ``auth``.
        """
        from opac.staff.roles import write_roles

        post_migrate.connect(write_roles, sender=apps.get_app_config("auth"), dispatch_uid="opac.roles")


class StaffSiteConfig(admin_apps.AdminConfig):
    """Make the staff's site (``opac.admin``) the one that rooms register with."""

    default = False
    default_site = "opac.admin.PortalAdminSite"
