"""Rules of sitting a quiz."""
