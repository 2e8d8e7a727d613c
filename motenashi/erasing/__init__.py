"""Erasing a person: everything kept about a contact or lead goes, in one transaction, and the whole store is searched
afterwards to show it."""
