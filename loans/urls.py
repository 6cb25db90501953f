"""「借りている資料」 and its extension."""

from django.urls import path

from loans import views

app_name = "loans"
urlpatterns = [
    path("my/loans/", views.loans, name="list"),
    path("my/loans/<int:pk>/extension/", views.extension, name="extension"),
]
