"""The whole state of an installation in one file, and the way back."""
