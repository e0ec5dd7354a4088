"""A bare Django app that serves only the anchors, to compare memory with: sessions, accounts, CSRF, and no more."""

from elearn.environment import env

SECRET_KEY = "known-to-all-and-used-on-loopback-only-" + "0" * 30
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "tests.bench",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "tests.bench.anchors"
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL"))}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}  # as the product
USE_TZ, TIME_ZONE, LANGUAGE_CODE = True, "Europe/London", "en-gb"
