"""Words and periods of officers' pages."""
