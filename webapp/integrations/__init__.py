"""Account Integrations and its documented sections."""
