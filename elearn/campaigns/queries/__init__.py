"""Reads of study campaigns."""
