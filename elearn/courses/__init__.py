"""Courses, their editions and lessons, and what a person has read."""
