"""Import patrons from a CSV or .xlsx file: ``manage.py import_patrons patrons.csv --dry-run``."""

from catalog.spreadsheets.command import CsvCommand
from patrons.people.spreadsheet import PatronImporter


class Command(CsvCommand):
    help = "Register patrons and correct their contact data from CSV, tab-separated text or .xlsx."
    importer = PatronImporter
