"""Django's handler, as the dispatcher's threads call it."""

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
if settings.DEBUG:
    # Files as they are being edited, found where they lie.
    application = StaticFilesHandler(application)
