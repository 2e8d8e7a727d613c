"""Mail that leaves the house: stored first, then handed to an SMTP server, or shown in the development outbox."""
