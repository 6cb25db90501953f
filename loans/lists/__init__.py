"""The counter's lists of work: copies to fetch, the hold shelf, people to tell."""
