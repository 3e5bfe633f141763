"""Pure pieces that import only the standard library."""
