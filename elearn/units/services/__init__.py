"""Writes to the organisation tree."""
