"""What happened with a customer, and what they keep telling us."""
