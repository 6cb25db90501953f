"""Settings of the portal: one file, read from the environment (the README has the table).

What a library may want to change is a row in the admin (``catalog.Policy``, ``Library``,
``MaterialType``), not a setting. No secret has a default except on the developer's own machine:
with ``DEBUG``, or in the sample run of ``portal.py demo``, which shows the pages as production does.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from catalog.languages import table as languages
from opac import request_log

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
SAMPLE_RUN = env.bool("SAMPLE_RUN", default=False)
LOCAL = DEBUG or SAMPLE_RUN  # plain HTTP on this machine only, with defaults for everything

SECRET_KEY = env.str("SECRET_KEY", default="only-for-development-" * 3) if LOCAL else env.str("SECRET_KEY")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000") if LOCAL else env.str("SITE_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "opac",
    "notifications",
    "loans",
    "reservations",
    "patrons",
    "catalog",
    "opac.apps.StaffSiteConfig",  # django.contrib.admin with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
# The measurements (manage.py bench_…) come with the tests, and only where they are wanted.
if (DEBUG or env.bool("BENCHES", default=False)) and (BASE_DIR / "tests" / "benches").is_dir():
    INSTALLED_APPS.append("tests.benches")

MIDDLEWARE = [
    "opac.request_log.RequestMiddleware",
    "opac.pages.errors.BusyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "opac.faces.face.FaceMiddleware",
    "opac.faces.visits.VisitMiddleware",
    "patrons.account.sessions.SessionLimitsMiddleware",
    "patrons.account.first_password.OwnPasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "opac.urls"
WSGI_APPLICATION = "opac.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opac.look.context.library_facts",
                "reservations.views.header.basket",
            ],
        },
    },
]
FORM_RENDERER = "opac.look.forms.ComponentRenderer"
CSRF_FAILURE_VIEW = "opac.pages.errors.csrf_failure"

# The embedded server is started by manage.py, portal.py and the tests, which pass DATABASE_URL on;
# loading the settings (mypy, an editor) never starts one.
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgresql://127.0.0.1/portal") if LOCAL else env.db("DATABASE_URL")
}
DATABASES["default"]["ENGINE"] = "opac.postgresql"
DATABASE_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})  # env.db puts a socket's folder here
# Milliseconds, both shorter in the web processes (opac/wsgi.py). Who waits longer for a lock is told that it is busy. A
# query that runs longer is given up; 0, for commands such as imports and migrations, lets it run without end.
LOCK_TIMEOUT = env.int("LOCK_TIMEOUT", default=3_000)
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT", default=0)
DATABASE_OPTIONS["options"] = f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT}"
# Threads of a process that wait for the lock of one title; 0, for commands, sets no bound.
TITLE_WAITERS = env.int("TITLE_WAITERS", default=0)
# Seconds until a database that does not answer is said to be away; shorter in the web processes, too.
DATABASE_PATIENCE = env.float("DATABASE_PATIENCE", default=5.0)
# Seconds a thread keeps its connection; 0 opens one per request, as behind PgBouncer and in development. One that died
# meanwhile is replaced before the page asks anything of it. A pool would wait before it connects anew.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_KEEP", default=0 if DEBUG else 600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "patrons.User"
AUTHENTICATION_BACKENDS = ["patrons.backends.LoginBackend"]
PASSWORD_HASHERS = ["patrons.protection.hashers.PepperedArgon2Hasher"]
# version=secret, the highest version is the one for new hashes: PASSWORD_PEPPERS="1=old,2=new"
PEPPERS = env.dict("PASSWORD_PEPPERS", default={"1": "only-for-development"}) if LOCAL else env.dict("PASSWORD_PEPPERS")
PASSWORD_PEPPERS = {int(version): pepper for version, pepper in PEPPERS.items()}
# What the rows of reading logs are sealed with, in versions too; a secret of its own that no role of the staff holds.
LOG_SECRETS = env.dict("READING_LOG_SECRETS", default={"1": "only-for-development" * 2} if LOCAL else env.NOTSET)
READING_LOG_SECRETS = {int(version): secret for version, secret in LOG_SECRETS.items()}
HASHING_SLOTS = env.int("HASHING_SLOTS", default=2)  # hashes at a time in one process, 19 MiB and a core each
HASHING_PATIENCE = env.float("HASHING_PATIENCE", default=5.0)  # seconds a login waits for its turn
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # proxies in front, each adding to X-Forwarded-For

# off, or required: staff give a one-time code after the password.
STAFF_TOTP = env.str("STAFF_TOTP", default="off")
if STAFF_TOTP not in {"off", "required"}:
    raise ImproperlyConfigured("STAFF_TOTP is off or required.")
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # patrons.protection.throttle counts, and says until when

LOGIN_URL = "patrons:login"
LOGIN_REDIRECT_URL = "opac:my"
LOGOUT_REDIRECT_URL = "opac:start"

LANGUAGE_CODE = "ja"
LANGUAGES = [(language.code, language.name) for language in languages.LANGUAGES]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

SEARCH_INDEX = env.path("SEARCH_INDEX", default=str(BASE_DIR / ".portal" / "index"))

# The library's own pictures of covers, named by ISBN or control number; empty: covers are drawn.
COVERS = env.str("COVERS", default="")

STATIC_URL = "static/"
STATIC_ROOT = None if LOCAL else BASE_DIR / "staticfiles"  # filled by collectstatic; not needed locally
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

SESSION_ENGINE = "patrons.models.session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:8025") if LOCAL else env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)

# Lines go to stderr, for people or, with true, as JSON for a collector.
LOGGING = request_log.configuration(as_json=env.bool("LOG_JSON", default=False), mails=True)
ADMINS = [("", address) for address in env.list("ERROR_MAILS", default=[])]
SERVER_EMAIL = env.str("SERVER_EMAIL", default=f"portal@{urlsplit(SITE_URL).hostname}")
EMAIL_SUBJECT_PREFIX = "[portal] "

# Uploaded files wait here until a command has taken them in; no page serves them.
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".portal" / "uploads"))

# The sample run's own mail server puts what it gets into this Maildir, and a page shows it. Empty: no such page.
SAMPLE_MAILBOX = env.str("SAMPLE_MAILBOX", default=str(BASE_DIR / ".portal" / "mail") if LOCAL else "")
