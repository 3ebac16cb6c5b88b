"""What the product reaches on this machine: `make bench`."""
