"""Nouns only, as at the desk; what follows the noun is a link's token."""

from django.urls import path

from . import agendas, answers, approvals, forms, preferences

urlpatterns = [
    path("agendas/<str:token>/", agendas.agenda, name="portal_agenda"),
    path("answers/<str:token>/", answers.answers, name="portal_answers"),
    path("forms/<str:token>/", forms.form, name="portal_form"),
    path("approvals/<str:token>/", approvals.approval, name="portal_approval"),
    path("preferences/<str:token>/", preferences.preferences, name="portal_preferences"),
]
