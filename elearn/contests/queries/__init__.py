"""Reads about contests, rounds, entries and standings."""
