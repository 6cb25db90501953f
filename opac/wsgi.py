"""The portal as a WSGI application, for gunicorn: ``gunicorn opac.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opac.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "5000")  # milliseconds; no page may hold the database longer

application = get_wsgi_application()
