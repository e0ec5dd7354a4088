"""The storage of static files in production: hashed names, compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Each name has a hash of the content, also in the imports of JavaScript modules."""

    support_js_module_import_aggregation = True
