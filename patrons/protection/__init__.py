"""What keeps accounts safe: throttle, hashing, where a request comes from."""
