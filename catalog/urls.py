"""The catalogue's pages: nouns, open to everybody."""

from django.urls import path

from catalog import results, views

app_name = "catalog"
urlpatterns = [
    path("search/", results.results, name="search"),
    path("search/detail/", results.advanced, name="advanced"),
    path("titles/<int:pk>/", views.title, name="title"),
]
