"""The organisation tree, with dates and successors."""
