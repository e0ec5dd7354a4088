"""Outgoing mail: what Django sends is stored as rows and sent from there. No texts live here."""
