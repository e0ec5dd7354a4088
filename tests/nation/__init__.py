"""A generated nation of learners on PostgreSQL, and what the pages of trainers and managers cost in it."""
