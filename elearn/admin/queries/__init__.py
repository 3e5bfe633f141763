"""Reads for officers' pages, each within what the reader's roles cover."""
