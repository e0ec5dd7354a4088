"""A bare Django app that serves only the anchors: sessions, accounts, CSRF, and no more.

`python -m tests.bench.bare` makes its tables and one signed-in person, and prints the session's key.
"""

import django

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


def main() -> None:
    django.setup()
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.models import Note

    call_command("migrate", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    user = User.objects.create_user("reader", password=None)
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store.save()
    print(store.session_key)


if __name__ == "__main__":
    main()
