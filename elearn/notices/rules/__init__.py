"""Decisions about messages."""
