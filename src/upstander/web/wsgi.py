"""The entry point for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")
application = get_wsgi_application()

from upstander.web import lifeline, warm  # noqa: E402 - Django must be set up before

lifeline.end_with_parent()
warm.up()
