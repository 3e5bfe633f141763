"""What the invented organisation is like; pure, decided by a seed."""
