"""All settings, read from the environment.

With a wrong value the site does not start: the error names the setting, its value and what is
allowed. How a value is read is in `environment`; rules over several settings: `web.starting`.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from courses.web.logs import FORMATS, default_format, logging_of
from courses.web.starting import start_findings
from elearn import VERSION as VERSION
from elearn.environment import (
    address,
    cache_of,
    choice,
    database,
    env,
    flag,
    number,
    problems,
    refuse,
    rendered_parts,
    secret_key,
)
from elearn.limits import proxies, rate_limits

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG, DEMO = flag("DEBUG"), flag("DEMO")
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").resolve()
SITE_URL = address("SITE_URL", "http://127.0.0.1:8000", {"http", "https"}).rstrip("/")
SITE_NAME = "Notice"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = secret_key(VAR_DIR)
HTTPS = SITE_URL.startswith("https:")
LOGGING = logging_of(choice("LOG_FORMAT", default_format(SITE_URL), FORMATS), VERSION)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "courses",
]
MIDDLEWARE = [
    "courses.web.middleware.log_requests",
    "courses.web.middleware.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "courses.web.middleware.refuse_junk",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "courses.web.middleware.keep_private",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "courses.web.middleware.AnswerRateLimits",
    "courses.web.mail.delivery.after_response",
    "courses.reminders.background.after_response",
]
ROOT_URLCONF, WSGI_APPLICATION = "elearn.urls", "elearn.wsgi.application"
CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
]
CONTEXT += ["django.contrib.messages.context_processors.messages", "elearn.context.site"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": CONTEXT,
            "builtins": ["courses.web.template_filters", "courses.library.template_filters"],
        },
    }
]
CRISPY_TEMPLATE_PACK, CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk", ["nhsuk"]

DATABASE_URL = address(
    "DATABASE_URL", f"sqlite:///{VAR_DIR}/db.sqlite3", {"sqlite", "postgres", "postgresql"}
)
DATABASE_TIMEOUT = number("DATABASE_TIMEOUT", 15, 0, 86_400)  # seconds of a statement; 0: for ever
DATABASES = {"default": database(DATABASE_URL, VAR_DIR, DATABASE_TIMEOUT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # SQLite ignores an index's covering columns, at no cost
REDIS_URL = address("REDIS_URL", "", {"redis", "rediss"})
CACHES = {
    "default": cache_of(REDIS_URL),  # for pictures; rate limits are counted in the database
    "template_fragments": rendered_parts(DEBUG),  # the name by which `{% cache %}` finds it
}

EMAIL_URL = address(
    "EMAIL_URL", "", {"smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail"}
)
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
    # The URL's backend delivers what is in the outbox; what Django sends goes to the outbox.
    OUTBOX_TRANSPORT = vars()["EMAIL_BACKEND"]
else:
    OUTBOX_TRANSPORT, EMAIL_FILE_PATH = "courses.web.mail.outbox.MailFolder", VAR_DIR / "mail"
EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", 30, 1, 120)  # seconds of each command to the mail server
MAIL_DELIVERY = choice("MAIL_DELIVERY", "after-response", {"after-response", "worker"})
MAIL_RECHECK = "courses.reminders.rechecking.withdraw_unwanted"  # asked as a reminder leaves
# Who looks hourly for reminders that are due: the site itself after a response, or a timer.
REMINDERS_RUN = choice("REMINDERS_RUN", "after-response", {"after-response", "timer"})
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "EMAIL_FROM", f"{SITE_NAME} <learning@{urlsplit(SITE_URL).hostname}>"
)

# Who answers for the site, and whom people ask for help; "": the pages name none.
RUN_BY = env.str("RUN_BY", "an invented trust, to try Notice with" if DEMO else "")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "help@notice.example" if DEMO else "")
# What the organisation that runs the site says on its privacy and accessibility pages.
OWN_WORDS = {
    "DATA_CONTROLLER": env.str("DATA_CONTROLLER", ""),
    "DATA_PROTECTION_OFFICER": env.str("DATA_PROTECTION_OFFICER", ""),
    "LAWFUL_BASIS": env.str("LAWFUL_BASIS", ""),
    "RETENTION": env.str("RETENTION", ""),
    "ACCESSIBILITY_CONTACT": env.str("ACCESSIBILITY_CONTACT", ""),
}

AUTH_USER_MODEL = "courses.User"
AUTHENTICATION_BACKENDS = ["courses.people.backends.EmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"email"}, ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION, ACCOUNT_CONFIRM_EMAIL_ON_GET = "mandatory", False
ACCOUNT_FORMS = {
    "login": "courses.people.account_forms.SignInForm",
    "signup": "courses.people.forms.SignupForm",
    "add_email": "courses.people.forms.ChangeEmailForm",
    "change_password": "courses.people.account_forms.ChangePasswordForm",
    "reset_password": "courses.people.account_forms.ResetPasswordForm",
    "request_login_code": "courses.people.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "courses.people.account_forms.ConfirmLoginCodeForm",
}
ACCOUNT_ADAPTER = "courses.learning.arrivals.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = (
    False  # allauth's lose counts in a cache: ours are courses/people/sign_in_limits.py
)
ACCOUNT_LOGIN_BY_CODE_ENABLED, ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = True, 5
# Half an hour, since some trusts hold mail back for fifteen minutes.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 1800
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL, ACCOUNT_REAUTHENTICATION_REQUIRED = True, True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that created the account alone
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
PASSWORD_RESET_TIMEOUT = 3600  # seconds
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
SESSION_ENGINE, SESSION_COOKIE_AGE = "courses.people.sessions", 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

COHORTS_STARTED_BY = choice("COHORTS_STARTED_BY", "anybody", {"anybody", "confirmed", "invited"})
COHORTS_A_DAY = number("COHORTS_A_DAY", 5, 1, 1000)  # cohorts one person may start in 24 hours
# Invitations that leave by email for one organisation in 24 hours, the second for a confirmed one.
INVITATIONS_A_DAY = number("INVITATIONS_A_DAY", 200, 1, 100_000)
CONFIRMED_INVITATIONS_A_DAY = number("CONFIRMED_INVITATIONS_A_DAY", 10_000, 1, 100_000)

LANGUAGE_CODE, TIME_ZONE, USE_TZ, USE_I18N = "en-gb", "Europe/London", True, True
FORMAT_MODULE_PATH = "elearn.formats"
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", VAR_DIR / "static", [BASE_DIR / "static"]
STATIC = (
    "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "elearn.static.Storage"
)
FILES = "django.core.files.storage.FileSystemStorage"
STORAGES = {"default": {"BACKEND": FILES}, "staticfiles": {"BACKEND": STATIC}}

NOWHERE = {name: ["'none'"] for name in ("object-src", "base-uri", "frame-ancestors")}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {"default-src": ["'self'"], "form-action": ["'self'"], **NOWHERE}
}
SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, X_FRAME_OPTIONS = True, "same-origin", "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = (
    31_536_000 if HTTPS else 0,
    HTTPS,
    HTTPS,
)
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = proxies()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
RATE_LIMITS = rate_limits()
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

START_FINDINGS = [*problems, *start_findings(os.environ)]
refuse([finding for finding in START_FINDINGS if not finding.is_ok], sys.argv)
