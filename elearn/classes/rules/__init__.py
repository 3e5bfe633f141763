"""Rules about classes: what a pasted line means, how far a learner is, when a class may be opened."""
