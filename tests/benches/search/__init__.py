"""The measurement of search: many synthetic but Zipf-shaped records, queries drawn from them, and the limit."""
