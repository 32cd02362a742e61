"""Import of companies and documents from files: read, match, check, preview, commit."""
