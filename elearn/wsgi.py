"""The door for gunicorn: `gunicorn elearn.wsgi`. Nothing else lives here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")
application = get_wsgi_application()
