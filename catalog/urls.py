"""The catalogue's pages: nouns, open to everybody."""

from django.urls import path

from catalog.machines import availability, feeds, oai, opensearch, sitemaps
from catalog.pages import browse, covers, results, title

app_name = "catalog"
urlpatterns = [
    path("search/", results.results, name="search"),
    path("search/detail/", results.advanced, name="advanced"),
    path("suggestions/", opensearch.suggestions, name="suggestions"),
    path("feed/", feeds.feed, name="feed"),
    path("titles/<int:pk>/", title.title, name="title"),
    path("classes/", browse.classes, name="classes"),
    path("classes/<slug:number>/", browse.classes, name="class"),
    path("new/", browse.new, name="new"),
    path("most-reserved/", browse.most_reserved, name="most_reserved"),
    path("series/", browse.serials, name="serials"),
    path("series/<int:pk>/", browse.series, name="series"),
    path("covers/<str:name>", covers.cover, name="cover"),
    path("isbn/<slug:isbn>/", availability.by_isbn, name="isbn"),
    path("isbn/<slug:isbn>/availability/", availability.availability, name="availability"),
    path("oai/", oai.oai, name="oai"),
    path("opensearch.xml", opensearch.opensearch, name="opensearch"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemaps, name="sitemaps"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
]
