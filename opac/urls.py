"""Every URL of the portal: each room brings its own, opac brings what crosses rooms."""

from django.urls import include, path

urlpatterns: list = []
