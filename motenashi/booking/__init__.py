"""Appointments: what may be booked, when somebody has time for it, and writing it into the CRM."""
