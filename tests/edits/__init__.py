"""Random edits of random journeys that lose nothing: `make edits`, and some of them in every run of
the tests.

`documents` makes the journeys, `choosing` the edits, `keeping` says what each may have changed,
`running` counts.
"""
