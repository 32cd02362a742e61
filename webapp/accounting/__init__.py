"""What an accounting provider is, and how our documents become drafts that any provider can take."""
