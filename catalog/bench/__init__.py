"""Measurements: many synthetic but Zipf-shaped records in a database of their own."""
