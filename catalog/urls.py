"""The catalogue's pages: nouns, open to everybody."""

from django.urls import path

from catalog import views

app_name = "catalog"
urlpatterns = [
    path("search/", views.results, name="search"),
    path("titles/<int:pk>/", views.title, name="title"),
]
