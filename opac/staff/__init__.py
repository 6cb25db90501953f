"""The staff's roles and the second factor of their login."""
