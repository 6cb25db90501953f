"""What machines read: feeds, OpenSearch, availability by ISBN, sitemaps, OAI-PMH, the dump."""
