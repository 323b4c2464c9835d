"""Nouns only, as at the desk; each address carries the token that opens it."""

from django.urls import path

from . import answers

urlpatterns = [
    path("answers/<str:token>/", answers.answers, name="portal_answers"),
]
