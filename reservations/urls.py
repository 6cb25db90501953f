"""The room's pages: the basket for everybody, the rest under My ライブラリ."""

from django.urls import path

from reservations.views import basket, reservations, sequences

app_name = "reservations"
urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/entries/", basket.entries, name="basket_entries"),
    path("basket/entries/<int:pk>/removal/", basket.removal, name="basket_removal"),
    path("basket/entries/<int:pk>/position/", basket.position, name="basket_position"),
    path("basket/reservation/", basket.reservation, name="reserve"),
    path("basket/reservation/<uuid:submission>/", basket.placed, name="placed"),
    path("my/reservations/", reservations.listing, name="list"),
    path("my/reservations/cancelled/", reservations.cancelled, name="cancelled"),
    path("my/reservations/sequence/", sequences.new, name="sequence"),
    path("my/reservations/sequences/<int:pk>/release/", sequences.release, name="sequence_release"),
    path("my/reservations/<int:pk>/", reservations.detail, name="detail"),
    path("my/reservations/<int:pk>/cancellation/", reservations.cancellation, name="cancellation"),
    path("my/reservations/<int:pk>/take-back/", reservations.take_back, name="take_back"),
    path("my/reservations/<int:pk>/pause/", reservations.pause, name="pause"),
]
