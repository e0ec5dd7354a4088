"""Case discussions of a cohort: what a trainer records, and the line each who came writes."""
