"""The learner's first page, composed of what features contribute."""
