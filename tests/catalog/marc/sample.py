"""Where the real files stand that are not part of the project: ``PORTAL_SAMPLE_DATA`` or ``../shared/data``."""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("PORTAL_SAMPLE_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
DIRTY = sorted(path for path in (FOLDER / "marc_dirty").glob("*/*") if path.is_file())
"""Files that MARC libraries keep because they are broken; empty where the data are absent."""
