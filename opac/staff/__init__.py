"""The staff's roles, the second factor of their login, and the gallery of components for whoever writes a page."""
