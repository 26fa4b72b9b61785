"""Django's handler, as the dispatcher's threads call it."""

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch


class Handler(WSGIHandler):
    """Finds the view of a request once: the middleware that asks whether it is public has it."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        known = request.resolver_match
        return super().resolve_request(request) if known is None else known


django.setup(set_prefix=False)
application: WSGIHandler = Handler()
if settings.DEBUG:
    # Files as they are being edited, found where they lie.
    application = StaticFilesHandler(application)
