"""Decisions about written work."""
