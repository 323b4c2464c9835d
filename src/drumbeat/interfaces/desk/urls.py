"""Nouns only: a verb is the method of a request."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from .health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("login/", LoginView.as_view(template_name="desk/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
