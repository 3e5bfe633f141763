"""Background work with progress, cancel and a result."""
