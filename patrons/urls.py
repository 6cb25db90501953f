"""The account's pages: nouns, at the top level, in the order a patron meets them."""

from django.urls import path

from patrons.views import login, password, settings

app_name = "patrons"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("my/password/", password.password, name="password"),
    path("my/settings/", settings.settings, name="settings"),
    path("address/<str:token>/", settings.confirm_address, name="confirm_address"),
]
