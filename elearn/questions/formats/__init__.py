"""Formats of question files, one file each; each offers `FORMAT`, an object as described by `rules.exchange.Format`."""
