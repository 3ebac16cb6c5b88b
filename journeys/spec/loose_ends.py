"""Paths that lead to a step which is gone, of two changes put together."""

from journeys.spec import edit, graph


def led_on(document: dict, *versions: dict) -> dict:
    """They lead to what the way of that step leads to now, or end where there is nothing, and where
    it would be a circle. `versions` are those in which it stood."""
    here = graph.steps(document)
    gone = {key: step for one in versions for key, step in graph.steps(one).items()}
    ends = {
        graph.next_of(way): None
        for step in here.values()
        for way in graph.outcomes(step)
        if graph.next_of(way) in gone and graph.next_of(way) not in here
    }
    if not ends:
        return document
    led = _led(document, {target: _behind(target, here, gone) for target in ends})
    return _led(document, ends) if graph.find_cycle(led) else led


def _behind(target: str | None, here: dict, gone: dict) -> str | None:
    seen = set()
    while target and target not in here:
        if target in seen or target not in gone:
            return None
        seen.add(target)
        following = map(graph.next_of, graph.outcomes(gone[target]))
        target = next(filter(None, following), None)
    return target


def _led(document: dict, targets: dict[str, str | None]) -> dict:
    def step(block: dict) -> dict:
        ways = graph.outcomes(block)
        if not any(graph.next_of(way) in targets for way in ways):
            return block
        led = [
            edit.with_next(way, targets[graph.next_of(way)])
            if isinstance(way, dict) and graph.next_of(way) in targets
            else way
            for way in block["outcomes"]
        ]
        return {**block, "outcomes": led}

    return {**document, "activities": [step(one) for one in document["activities"]]}
