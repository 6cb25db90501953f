"""The account's pages: nouns, at the top level, in the order a patron meets them."""

from django.urls import path

from patrons.views import card, login, passkeys, password, reading_log, recovery, sessions, settings

app_name = "patrons"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/passkey/", passkeys.login, name="passkey_login"),
    path("login/passkey/challenge/", passkeys.challenge, name="passkey_challenge"),
    path("logout/", login.logout, name="logout"),
    path("forgotten/", recovery.forgotten, name="forgotten"),
    path("reset/<str:token>/", recovery.reset, name="reset"),
    path("my/password/", password.password, name="password"),
    path("my/settings/", settings.settings, name="settings"),
    path("my/card/", card.card, name="card"),
    path("my/card/saved/", card.saved_card, name="saved_card"),
    path("card/worker.js", card.worker, name="card_worker"),
    path("card/manifest.webmanifest", card.manifest, name="manifest"),
    path("my/passkeys/", passkeys.passkeys, name="passkeys"),
    path("my/passkeys/registration/", passkeys.registration, name="passkey_registration"),
    path("my/passkeys/<int:pk>/", passkeys.passkey, name="passkey"),
    path("my/passkeys/<int:pk>/removal/", passkeys.removal, name="passkey_removal"),
    path("my/sessions/", sessions.sessions, name="sessions"),
    path("my/reading-log/", reading_log.log, name="reading_log"),
    path("my/reading-log/choice/", reading_log.choice, name="reading_log_choice"),
    path("my/reading-log/<uuid:pk>/deletion/", reading_log.deletion, name="reading_log_deletion"),
    path("address/<str:token>/", settings.confirm_address, name="confirm_address"),
]
