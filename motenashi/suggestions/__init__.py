"""What to do next with a customer, when, and why."""
