"""Rules of the first page."""
