"""Pages of the account, by noun."""
