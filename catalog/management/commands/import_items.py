"""Import copies from a CSV file: ``manage.py import_items copies.csv --dry-run``."""

from catalog.spreadsheets.command import CsvCommand
from catalog.spreadsheets.items import ItemImporter


class Command(CsvCommand):
    help = "Create and correct copies from a CSV file in UTF-8 or CP932."
    importer = ItemImporter
