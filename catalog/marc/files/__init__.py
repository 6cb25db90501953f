"""From a file to records: container, form, character set, and what was wrong."""
