"""Invoices, bills and purchase orders: their list, their page, whether they can be sent, and sending."""
