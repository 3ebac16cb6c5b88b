"""Which static files are published, and under which names."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Leaves out the variants of the libraries that no page uses: compressing them takes most of a
    first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-grid*",
        "bootstrap-reboot*",
        "bootstrap-utilities*",
        "bootstrap.rtl*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.esm*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        "htmx-4*",
        "htmx-2-compat*",
        "htmax-*",
        "hx-*",
        "htmx-2.js",
    ]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Also writes the hashed names into `import` statements, so that modules may be cached for
    ever."""

    support_js_module_import_aggregation = True
