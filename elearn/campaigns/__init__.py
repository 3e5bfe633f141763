"""Study campaigns: who is to take part, what is asked of them, and who is missing."""
