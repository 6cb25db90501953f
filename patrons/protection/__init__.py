"""What keeps accounts safe: throttle, hashing, where a request comes from, the staff's second factor."""
