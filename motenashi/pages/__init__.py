"""What people see in a browser: the shop, and the pages of those who work here."""
