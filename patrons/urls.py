"""The account's pages: nouns, at the top level, in the order a patron meets them."""

from django.urls import path

from patrons.views import card, login, password, recovery, sessions, settings

app_name = "patrons"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("forgotten/", recovery.forgotten, name="forgotten"),
    path("reset/<str:token>/", recovery.reset, name="reset"),
    path("my/password/", password.password, name="password"),
    path("my/settings/", settings.settings, name="settings"),
    path("my/card/", card.card, name="card"),
    path("my/card/saved/", card.saved_card, name="saved_card"),
    path("card/worker.js", card.worker, name="card_worker"),
    path("card/manifest.webmanifest", card.manifest, name="manifest"),
    path("my/sessions/", sessions.sessions, name="sessions"),
    path("address/<str:token>/", settings.confirm_address, name="confirm_address"),
]
