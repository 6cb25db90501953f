"""The search index: its fields and documents, building it, keeping it behind the database, reading it."""
