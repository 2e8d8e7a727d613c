"""The voice of the customer: every piece of feedback as a response, whatever channel it came by."""
