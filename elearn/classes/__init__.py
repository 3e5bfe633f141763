"""Cohorts: people enrolled in a course together, with a deadline."""
