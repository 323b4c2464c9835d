"""The doors, by URL."""

from django.urls import include, path

urlpatterns = [
    path("", include("drumbeat.interfaces.desk.urls")),
    path("", include("drumbeat.interfaces.portal.urls")),
    path("", include("drumbeat.interfaces.api.urls")),
    path("", include("drumbeat.interfaces.portal.urls")),
]
