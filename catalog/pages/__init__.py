"""The patrons' pages of the catalogue: asking, browsing, one title (SPEC S1 to S6)."""
