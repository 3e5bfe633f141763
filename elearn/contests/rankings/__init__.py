"""Ranking criteria, one a file; each module offers CRITERION."""
