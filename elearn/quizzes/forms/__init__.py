"""Forms of quizzes."""
