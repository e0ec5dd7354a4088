"""Pages of readiness: coverage, staff in post, expectations, the local plan, the document."""
