"""Static files in production: hashed names, in the modules' imports too, and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class AssetStorage(CompressedManifestStaticFilesStorage):
    """Adds the hashes inside `import` statements, so that a module and its parts agree."""

    support_js_module_import_aggregation = True
