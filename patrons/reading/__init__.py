"""What patrons read: shelves, challenges, the sealed reading log."""
