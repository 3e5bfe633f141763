"""Contests in rounds: rules as data, closing, standings, prizes."""
