"""Static files in production: hashed names, in the modules' imports too, and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class AssetStorage(CompressedManifestStaticFilesStorage):
    """Adds the hashes inside `import` statements, so that a module and its parts agree.

    `import("./x.js")` is left alone: in our modules it stands in comments that name types, where
    two modules may well name each other, and a circle of hashes has no end. The one module that
    is loaded on demand keeps its plain name, under which it is served as well.
    """

    support_js_module_import_aggregation = True
    _js, _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
    _js_module_import_aggregation_patterns = (
        _js,
        tuple(pattern for pattern in _imports if "import\\(" not in pattern[0]),
    )
