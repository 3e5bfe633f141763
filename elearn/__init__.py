"""elearn: courses, classes, quizzes and contests for a large organisation.

This module imports nothing, so that a pure rule can be imported without Flask.
"""

__version__ = "0.1.0"
