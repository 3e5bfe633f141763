"""Use cases about people: passwords, sign-in, accounts, roles."""
