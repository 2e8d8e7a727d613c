"""Who is this really: one-time codes and signed tokens for visitors, accounts and keys for staff and tools."""
