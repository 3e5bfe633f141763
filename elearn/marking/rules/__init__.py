"""Rules of marking by people."""
