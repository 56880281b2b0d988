"""Web entry point: `gunicorn bureau.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")
# Read by the settings: pages wait for the database not as long as workers do.
os.environ["PORTAL_PROCESS"] = "web"

application = get_wsgi_application()
