"""What a CRM tells us by itself."""
