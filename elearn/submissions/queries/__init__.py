"""Reads of written work."""
