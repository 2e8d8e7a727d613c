"""When a person answers, learned from their own calls, mails and visits, their company's, and everybody's."""
