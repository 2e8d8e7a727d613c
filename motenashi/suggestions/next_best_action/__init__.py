"""Which action moves a deal on, learned from the company's own history, and when the next contact is due."""
