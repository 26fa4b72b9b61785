"""The sign-in link that `make run` prints: a page that asks, then a POST that signs in."""

from http import HTTPStatus

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from broadsheet.kit.exposure import private
from broadsheet.readers import api as readers


@private
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, so that a mail scanner's visit changes nothing; sign in on POST."""
    user = readers.user_of_token(token=token)
    if user is None:
        context = {"expired": True}
        return render(request, "broadsheet/staff_sign_in.html", context, status=HTTPStatus.GONE)
    if request.method != "POST":
        return render(request, "broadsheet/staff_sign_in.html", {"person": user})
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect("/desk/")
