"""The officer's first page and system pages; no rules of its own."""
