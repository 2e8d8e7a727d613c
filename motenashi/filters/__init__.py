"""Filters: which leads, contacts, accounts and deals are meant, in the conditions of flows, answered by SQL."""
