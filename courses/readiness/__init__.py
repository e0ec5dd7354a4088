"""How ready an organisation is: staff in post, who is trained and current, what the plan says."""
