"""A patron's way in: login, own password, passkeys, sessions, address, forgotten password."""
