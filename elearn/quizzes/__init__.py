"""Quizzes and attempts: an attempt is an append-only log whose state is a pure fold."""
