"""Pages of trainers and managers: cohorts and learners, deeds for a learner, and how items do."""
