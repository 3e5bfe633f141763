"""Decisions about study campaigns."""
