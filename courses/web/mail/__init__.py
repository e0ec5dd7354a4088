"""Outgoing mail: whatever Django sends is stored as a row and delivered from there. No text of a mail lives here."""
