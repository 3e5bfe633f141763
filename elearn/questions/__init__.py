"""Question banks, versions of questions, and the types of question."""
