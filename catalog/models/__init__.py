"""What the catalogue room owns: libraries and their days, material types and policies, titles and copies."""

from catalog.models.change import DeletedTitle, TitleChange
from catalog.models.item import Item
from catalog.models.library import ClosedDay, ExtraOpening, Library, OpeningHours
from catalog.models.marc import HoldingsRule, LibraryCode, MarcRecord, MaterialRule
from catalog.models.marc_import import ImportLine, ImportRun
from catalog.models.policy import LimitGroup, MaterialType, Policy
from catalog.models.terminal import Terminal
from catalog.models.title import Series, Title

__all__ = [
    "ClosedDay",
    "DeletedTitle",
    "ExtraOpening",
    "HoldingsRule",
    "ImportLine",
    "ImportRun",
    "Item",
    "Library",
    "LibraryCode",
    "LimitGroup",
    "MarcRecord",
    "MaterialRule",
    "MaterialType",
    "OpeningHours",
    "Policy",
    "Series",
    "Terminal",
    "Title",
    "TitleChange",
]
