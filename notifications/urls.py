"""「新着資料お知らせメール」, reminders, and the link that stops a mail."""

from django.urls import path

from notifications.views import alerts, reminders

app_name = "notifications"
urlpatterns = [
    path("my/alerts/", alerts.alerts, name="alerts"),
    path("my/alerts/new/", alerts.new_alert, name="new_alert"),
    path("my/alerts/<int:pk>/", alerts.alert, name="alert"),
    path("my/alerts/<int:pk>/activity/", alerts.activity, name="activity"),
    path("my/alerts/<int:pk>/removal/", alerts.removal, name="removal"),
    path("my/reminders/", reminders.reminders, name="reminders"),
    path("mail/stop/<str:token>/", reminders.unsubscribe, name="unsubscribe"),
]
