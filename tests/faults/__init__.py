"""What everybody sees when something below the portal breaks: the database, the disk, the network, the input."""
