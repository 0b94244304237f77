"""What is gained by working on two specs at once."""

import statistics

# With agents and checks of a second, so many specs: enough that the two come out of step, so that neither lands while the
# other is under test.
PACED_SPECS = 24


def checks(seconds: float) -> str:
    """The configuration of one check that takes so long."""
    return f'checks:\n  - {{ name: "slow", run: "sleep {seconds}" }}\n'


def slowed(agent: str, seconds: float) -> str:
    """The script of an agent that takes so much longer."""
    first, rest = agent.split("\n", 1)
    return f"{first}\nsleep {seconds}\n{rest}"


def row(bench, product, program) -> None:
    """Prints how much faster two at once are than one, and how much faster than two lanes of the floor."""
    template = bench.template(50)
    found = []
    for _ in range(bench.pairs):
        walls = []
        for concurrency in (1, 2):
            paced = product(program, concurrency=concurrency, seconds=1)
            walls.append(paced.run(template, bench.place("paced"), PACED_SPECS).wall)
        found.append(walls[0] / walls[1])
        print(f"   {PACED_SPECS} specs: {walls[0]:.1f} s one at a time, {walls[1]:.1f} s two = {found[-1]:.2f}", flush=True)
    print(f"5  agents and checks of a second, two at once: {spread(found)} × one at a time", flush=True)
    beside_floor(bench, product, program, template)


def beside_floor(bench, product, program, template) -> None:
    """The same with agents that take no time, where the line's own work is all there is."""
    pairs, gains = [], []
    for pair in range(bench.pairs + 1):
        lines, floors = [], []
        for count in (1, 2):
            lines.append(bench.timed(template, product(program, concurrency=count)))
            cost = bench.floor.run(template, bench.place("floor"), bench.specs, "fresh", count)
            floors.append(cost.per(bench.specs))
        if pair:  # the first warms up
            pairs.append((lines[1], floors[1]))
            gains.append((lines[0].wall / lines[1].wall, floors[0].wall / floors[1].wall))
            print(f"   pair {pair}: {bench.pair(lines[1], floors[1], 'fresh, two lanes')}", flush=True)
    bench.quote("5  instant agents, two at once", pairs, "fresh, two lanes")
    print(f"   two against one: factory {spread([line for line, _ in gains])}, floor {spread([floor for _, floor in gains])}")


def spread(values) -> str:
    """Median and range."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}–{max(values):.2f}]"
