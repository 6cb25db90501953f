"""From a notice to a letter sent once: collecting, writing, posting, trying again, what came back."""
