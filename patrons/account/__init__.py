"""The way in: login, own password, passkeys, the staff's second factor, sessions, address, forgotten password."""
