"""Ranking criteria, one a file."""
