"""Rows in and out by spreadsheet: the reader of lines, copies, the admin's page, the command (SPEC D8)."""
