"""The product's own settings, and beside its pages the anchors it is measured against. Nothing else is changed."""

from elearn.settings import *  # noqa: F403
from elearn.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "tests.bench"]  # for the table the anchor inserts into
ROOT_URLCONF = "tests.bench.urls"
