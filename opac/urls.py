"""Every URL of the portal: each room brings its own, opac brings what crosses rooms."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("catalog.urls")),
    path("admin/", admin.site.urls),
]
