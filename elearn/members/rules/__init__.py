"""Rules about people and access."""
