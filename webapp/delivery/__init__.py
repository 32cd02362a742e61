"""The outbox: what people asked to be sent, brought to QuickBooks exactly once."""
