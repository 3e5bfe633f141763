"""Reads about classes: the classes themselves, their learners, and people who may become learners."""
