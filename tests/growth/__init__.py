"""How the work grows with the journey: counted, not timed. `test_growth.py` asserts it, `make
bench` prints it."""
