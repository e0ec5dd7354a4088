"""Every setting of the product, read from the environment once, checked here.

Nothing of the domain lives here. A wrong value stops the start with the setting, its value and what is allowed.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from elearn.environment import address, choice, env, flag, number, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG, DEMO = flag("DEBUG"), flag("DEMO")
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").resolve()
SITE_URL = address("SITE_URL", "http://127.0.0.1:8000", {"http", "https"}).rstrip("/")
SITE_NAME = "Notice"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1"}
for name, why in (("DEMO", "demo sign-ins are public"), ("DEBUG", "debug pages show code and settings")):
    for host in [*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname] if flag(name) else []:
        if host not in LOCAL_HOSTS:
            raise ImproperlyConfigured(f"{name}=1 with host {host!r}: {why}, so only local hosts are allowed")
SECRET_KEY = secret_key(VAR_DIR)
HTTPS = SITE_URL.startswith("https:")
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
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "courses.people.middleware.refuse_junk",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "courses.people.middleware.keep_private",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF, WSGI_APPLICATION = "elearn.urls", "elearn.wsgi.application"
CONTEXT = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
CONTEXT += ["django.contrib.messages.context_processors.messages", "elearn.context.site"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT},
    }
]
CRISPY_TEMPLATE_PACK, CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk", ["nhsuk"]

DATABASE_URL = address("DATABASE_URL", f"sqlite:///{VAR_DIR}/db.sqlite3", {"sqlite", "postgres", "postgresql"})
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASE_URL.startswith("sqlite"):
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    DATABASES["default"]["TEST"] = {
        "NAME": str(VAR_DIR / "test.sqlite3")
    }  # a real file: the tests are about real commits
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "models.W040"
]  # SQLite leaves the covering columns of an index out, which costs it nothing here
REDIS_URL = address("REDIS_URL", "", {"redis", "rediss"})
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

EMAIL_URL = address("EMAIL_URL", "", {"smtp", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail"})
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", f"{SITE_NAME} <learning@{urlsplit(SITE_URL).hostname}>")

AUTH_USER_MODEL = "courses.User"
AUTHENTICATION_BACKENDS = ["courses.people.backends.EmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"email"}, ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION, ACCOUNT_CONFIRM_EMAIL_ON_GET = "mandatory", False
ACCOUNT_FORMS = {"signup": "courses.people.forms.SignupForm"}
ACCOUNT_ADAPTER = "courses.people.backends.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
PASSWORD_RESET_TIMEOUT = 3600  # seconds
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

COHORTS_STARTED_BY = choice("COHORTS_STARTED_BY", "anybody", ["anybody", "confirmed", "invited"])
COHORTS_A_DAY = number("COHORTS_A_DAY", 5, 1, 1000)  # that one person may start within 24 hours

LANGUAGE_CODE, TIME_ZONE, USE_TZ, USE_I18N = "en-gb", "Europe/London", True, True
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", VAR_DIR / "static", [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "elearn.static.Storage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, X_FRAME_OPTIONS = True, "same-origin", "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = 31_536_000 if HTTPS else 0, HTTPS, HTTPS
BEHIND_PROXY = flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
