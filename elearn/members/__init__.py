"""Accounts, roles scoped to a subtree, and sign-in."""
