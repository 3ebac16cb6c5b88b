"""Everything between "submit" and "it is there"."""
