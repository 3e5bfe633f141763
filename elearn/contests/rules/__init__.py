"""Rules of contests: plain values in, decisions out."""
