"""Web, terminal, touch terminal: what each offers, a visit's end, and 「予約する」 by touch."""
