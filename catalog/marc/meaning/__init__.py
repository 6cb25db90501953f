"""From a record to what it says: facts, codes, scripts, punctuation, copies."""
