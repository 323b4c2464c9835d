"""Signing in: one plain error whatever was wrong, and a pause after too many tries from one place for one name."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from drumbeat.interfaces.kit.frame import home_of
from drumbeat.interfaces.kit.viewer import viewer_of

TRIES = 10
PAUSE = 15 * 60  # seconds, from the first of the failed tries


class SignInForm(AuthenticationForm):
    username = forms.EmailField(
        label="Email",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": "This email and password don't belong together. Check both, or ask your administrator for a new password.",
        "inactive": "This email and password don't belong together. Check both, or ask your administrator for a new password.",
    }


_sign_in = LoginView.as_view(
    template_name="desk/login.html",
    next_page="home",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)


@login_not_required
def login(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _sign_in(request)
    key = _key_of(request)
    if cache.get(key, 0) >= TRIES:
        return _paused(request)
    response = _sign_in(request)
    if response.status_code == 302:
        cache.delete(key)
    else:
        _count_failure(key)
    return response


def _key_of(request: HttpRequest) -> str:
    told = f"{request.META.get('REMOTE_ADDR')} {request.POST.get('username', '').strip().lower()}"
    return f"sign-in:{hashlib.sha256(told.encode()).hexdigest()}"


def _count_failure(key: str) -> None:
    if not cache.add(key, 1, PAUSE):
        cache.incr(key)


def _paused(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request)
    context = {"form": form, "paused": f"Too many tries. Wait {PAUSE // 60} minutes, then try again."}
    response = render(request, "desk/login.html", context, status=429)
    response["Retry-After"] = str(PAUSE)
    return response


def home(request: HttpRequest) -> HttpResponseBase:
    return redirect(home_of(viewer_of(request).person))
