"""Rules of contests: who may enter, which attempt counts, how places and prizes follow."""
