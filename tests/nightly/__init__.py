"""What takes too long for each change, and is run every night."""
