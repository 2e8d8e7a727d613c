"""The CRM that is always there: a small one of our own in the SQL database."""
