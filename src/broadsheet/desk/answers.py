"""Answers that the desk's pages give."""

from http import HTTPStatus

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was taken."""

    status_code = HTTPStatus.SEE_OTHER
