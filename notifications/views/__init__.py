"""Pages about mail: conditions, reminders, and leaving a kind of mail."""
