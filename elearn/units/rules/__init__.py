"""Pure rules of the organisation tree: what it is on a day, what may change it, and in which order its units are listed."""
