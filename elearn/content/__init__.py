"""Courses, banks and contests as files: checking them and loading what changed."""
