"""The portal as a WSGI application, for gunicorn: ``gunicorn opac.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opac.settings")
# No page may hold the database, or wait for it, longer; everybody's pages stand behind one that does.
os.environ.setdefault("STATEMENT_TIMEOUT", "5000")  # milliseconds
os.environ.setdefault("LOCK_TIMEOUT", "800")  # milliseconds
os.environ.setdefault("TITLE_WAITERS", "2")
os.environ.setdefault("DATABASE_PATIENCE", "0.4")  # seconds

application = get_wsgi_application()
