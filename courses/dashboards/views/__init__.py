"""Pages of trainers and managers: cohorts, learners, accommodations, and how items do."""
