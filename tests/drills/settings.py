"""The product's own settings, with the bench's anchors, and static files by their plain names: no drill is about those."""

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import STORAGES as PRODUCT_STORAGES

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = {**PRODUCT_STORAGES, "staticfiles": PLAIN}
