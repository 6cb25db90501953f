"""What the database may do to a request: errors and what they mean, and how many may wait."""
