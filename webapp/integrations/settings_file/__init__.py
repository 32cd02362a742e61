"""A workspace's settings as a file that its host keeps, and the saving of such a file."""
