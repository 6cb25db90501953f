"""What machines read: feeds, addresses by ISBN, OAI-PMH, the dump, schema.org."""
