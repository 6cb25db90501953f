"""Every URL of the portal: each room brings its own, opac brings what crosses rooms."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from opac.faces import touch_reserve, visits
from opac.pages import erasure, my_data, start
from opac.pages.help import help_page
from opac.pages.my import my
from opac.sample.mailbox import mailbox
from opac.staff import gallery

handler400 = "opac.pages.errors.bad_request"
handler403 = "opac.pages.errors.forbidden"
handler404 = "opac.pages.errors.not_found"
handler500 = "opac.pages.errors.server_error"

opac_patterns = [
    path("", start.start, name="start"),
    path("my/", my, name="my"),
    path("my/data/", my_data.show, name="my_data"),
    path("my/data/json/", my_data.as_json, name="my_data_json"),
    path("my/data/csv/", my_data.as_csv, name="my_data_csv"),
    path("my/data/erasure/", erasure.erasure, name="erasure"),
    path("my/data/erasure/done/", erasure.erased, name="erased"),
    path("help/", help_page, name="help"),
    path("titles/<int:pk>/reserve/", touch_reserve.reserve, name="reserve"),
    path("my/reserved/<int:pk>/", touch_reserve.reserved, name="reserved"),
    path("titles/<int:pk>/qr.svg", touch_reserve.title_qr, name="title_qr"),
    path("terminal/", visits.enrol, name="enrol"),
    path("terminal/leave/", visits.leave, name="leave"),
    path("terminal/stay/", visits.stay, name="stay"),
    path("gallery/", gallery.show, name="gallery"),
    path("sample/mailbox/", mailbox, name="mailbox"),
]

pages = [
    path("", include((opac_patterns, "opac"))),
    path("", include("catalog.urls")),
    path("", include("patrons.urls")),
    path("", include("loans.urls")),
    path("", include("notifications.urls")),
    path("", include("reservations.urls")),
]

# Every page has its address in every language; Japanese has no prefix. Staff work in Japanese.
urlpatterns = [
    *i18n_patterns(*pages, prefix_default_language=False),
    path("admin/", admin.site.urls),
]
