"""Search: fold, ask, answer."""
