"""The gallery, for development only: every section in every state, from rows that are undone."""
