"""How much work something is, counted: as many as it would be on any machine, however busy that
is."""

import math
import sys
import time
from collections.abc import Callable
from types import FrameType

MOST = (
    1.15  # the power of the size with which work may grow: n log n, measured over a factor of four
)


def lines_run(work: Callable[[], object]) -> int:
    """Lines of our own code that are run, each turn of a loop counted."""
    count = 0

    def inside(_frame: FrameType, event: str, _more: object) -> Callable:
        nonlocal count
        count += event == "line"
        return inside

    def begin(frame: FrameType, _event: str, _more: object) -> Callable | None:
        return inside if "/journeys/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(begin)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def seconds(work: Callable[[], object]) -> float:
    """Of the processor: what loops inside Python's own functions take shows here alone."""
    began = time.process_time()
    work()
    return time.process_time() - began


def power(small: float, large: float, factor: float) -> float:
    """1 where work grows as its size does, 2 where it grows as the square."""
    return math.log(max(large, 1e-9) / max(small, 1e-9), factor)
