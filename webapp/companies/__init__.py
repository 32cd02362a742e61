"""CRM companies: the list, a company's page, and what an import does to them."""
