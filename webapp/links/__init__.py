"""Link companies: ESP+ companies tied to QuickBooks customers and vendors."""
