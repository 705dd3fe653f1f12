"""Names static files by their content, scripts that import each other included, so that a new release never meets an old module."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise comes without types
    """Whitenoise's storage, with the imports of our modules rewritten too."""

    support_js_module_import_aggregation = True
