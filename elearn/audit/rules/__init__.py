"""The rule of the chain."""
