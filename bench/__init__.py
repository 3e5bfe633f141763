"""Benchmarks: `make bench` runs them; they are never part of the tests."""
