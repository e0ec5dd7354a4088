"""Pages of group sessions: a trainer's list and forms, a learner's own line."""
