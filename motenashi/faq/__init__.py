"""Frequent questions: reading what the shop wrote in flows/faq, and finding the answer to a visitor's question."""
