"""The pages of a workspace that belong to no single feature."""
