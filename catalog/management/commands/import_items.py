"""Import copies from a CSV or .xlsx file: ``manage.py import_items copies.csv --dry-run``."""

from catalog.spreadsheets.command import CsvCommand
from catalog.spreadsheets.items import ItemImporter


class Command(CsvCommand):
    help = "Create and correct copies from CSV, tab-separated text or .xlsx."
    importer = ItemImporter
