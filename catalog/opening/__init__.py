"""When a library is open: its calendar, and the closing days of a year."""
