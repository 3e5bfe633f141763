"""Rules about reading and completing."""
