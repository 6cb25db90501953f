"""Pictures of covers from a folder of the library's own: ``9784101010014.jpg``, or the control number (SPEC S2).

Nothing is asked of anybody else. A name is only ever looked up in the list of the folder, so that no address leads out
of it; whoever puts a file in sees it on the next page.
"""

import os
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from catalog.models import Title

TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
NAME = re.compile(r"([\w()-]{1,80})\.(jpe?g|png|webp)", re.ASCII)
KEPT_SECONDS = 86_400


def cover_of(title: Title) -> str:
    """Return the address of a title's picture, "" when there is none: one look at the folder, no query."""
    pictures = _pictures()
    name = next((pictures[key] for key in (*title.isbns, title.control_number) if key in pictures), "")
    return reverse("catalog:cover", args=(name,)) if name else ""


@require_safe
def cover(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give a picture; browsers keep it for a day and then ask whether it has changed."""
    found = NAME.fullmatch(name)
    if not found or _pictures().get(found[1]) != name:
        raise Http404
    response = serve(request, name, document_root=settings.COVERS)
    if isinstance(response, FileResponse):
        response["Content-Type"] = TYPES[found[2]]
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


def _pictures() -> dict[str, str]:
    """Return ISBN or control number → the name of its file."""
    if not settings.COVERS:
        return {}
    try:
        return _pictures_in(settings.COVERS, os.stat(settings.COVERS).st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=2)
def _pictures_in(folder: str, changed: int) -> dict[str, str]:
    """Return the pictures of a folder as it is since ``changed``; each state is listed once."""
    names = sorted(entry.name for entry in Path(folder).iterdir() if entry.is_file())
    return {found[1]: name for name in names if (found := NAME.fullmatch(name))}
