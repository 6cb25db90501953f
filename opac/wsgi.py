"""The portal as a WSGI application, for gunicorn: ``gunicorn opac.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opac.settings")

application = get_wsgi_application()
