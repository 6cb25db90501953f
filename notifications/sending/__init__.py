"""From a notice to a letter sent once: collecting, posting, trying again, what came back."""
