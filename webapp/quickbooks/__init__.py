"""Our own thin client for Intuit QuickBooks Online: knows Intuit, knows neither Flask nor the database."""
