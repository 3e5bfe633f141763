"""Decisions about documents."""
