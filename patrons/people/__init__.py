"""A patron as the library knows one: card and number, spreadsheet, look-ups by staff."""
