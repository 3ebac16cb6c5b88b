"""The forms around the composer, by what they are for. Blocks have their own in `blocks`."""
