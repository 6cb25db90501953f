"""Import patrons from a CSV file: ``manage.py import_patrons patrons.csv --dry-run``."""

from catalog.spreadsheets.command import CsvCommand
from patrons.people.spreadsheet import PatronImporter


class Command(CsvCommand):
    help = "Register patrons and correct their contact data from a CSV file in UTF-8 or CP932."
    importer = PatronImporter
