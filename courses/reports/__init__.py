"""What a cohort did on a course, for one page at its end. How ready a service is: `readiness`."""
