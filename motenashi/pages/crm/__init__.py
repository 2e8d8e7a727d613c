"""`/crm`: how we stand with the CRM that is the system of record: connection, mirror, credits, outbox, conflicts."""
