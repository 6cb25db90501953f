"""The catalogue's pages: nouns, open to everybody."""

from django.urls import path

from catalog import browse, covers, machines, oai, results, views

app_name = "catalog"
urlpatterns = [
    path("search/", results.results, name="search"),
    path("search/detail/", results.advanced, name="advanced"),
    path("suggestions/", machines.suggestions, name="suggestions"),
    path("feed/", machines.feed, name="feed"),
    path("titles/<int:pk>/", views.title, name="title"),
    path("classes/", browse.classes, name="classes"),
    path("classes/<slug:number>/", browse.classes, name="class"),
    path("new/", browse.new, name="new"),
    path("most-reserved/", browse.most_reserved, name="most_reserved"),
    path("series/", browse.serials, name="serials"),
    path("series/<int:pk>/", browse.series, name="series"),
    path("covers/<str:name>", covers.cover, name="cover"),
    path("isbn/<slug:isbn>/", machines.by_isbn, name="isbn"),
    path("isbn/<slug:isbn>/availability/", machines.availability, name="availability"),
    path("oai/", oai.oai, name="oai"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemaps, name="sitemaps"),
    path("sitemap-<int:number>.xml", machines.sitemap, name="sitemap"),
]
