"""The composer beside an editor of the same kind, in one run: `make bench-peers`."""
