"""Files of reports, and writes of what officers decide about them."""
