"""The invented people of a demo and what they have done, made on local hosts alone."""
