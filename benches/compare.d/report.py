"""The tables of a comparison, as Markdown: what each engine takes, and what was asked of imr beside what was measured."""

import collections
import datetime
import statistics

import measure

# The asks of imr's design: the ratio, the most it may be.
ASKED = {
    "CPU of indexing, imr / bare": 1.25,
    "index / raw text": 0.45,
    "peak memory of indexing, MB": 512,
    "warm p50, imr / bare": 1.15,
    "warm p95, imr / bare": 1.15,
    "cold p50, imr / bare": 1.5,
    "warm with all ten facets / without any, median query": 2,
    "warm with all ten facets / without any, worst query": 2,
    "first query after indexing / tenth": 5,
}


def ms(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def table(head, rows):
    print()
    row(*head)
    row(*["---"] * len(head))
    for cells in rows:
        row(*cells)


def indexing(letters, raw, taken, sizes):
    rows = []
    for name, runs in taken.items():
        wall, cpu, peak, own = (statistics.median(getattr(run, what) for run in runs) for what in ("wall", "cpu", "peak", "own"))
        rows.append([name, f"{wall:.2f}", f"{cpu:.2f}", f"{letters / cpu:.0f}", f"{peak / 1e6:.0f}", f"{own / 1e6:.0f}",
                     f"{sizes[name] / raw:.2f}"])
    table(["indexing", "wall s", "CPU s", "letters / CPU s", "peak MB", "without files", "index / raw"], rows)


def latency(title, took, queries):
    """By engine the quantiles over all queries, and the median of each kind of query that the engine can answer."""
    kinds = collections.defaultdict(list)
    for query in queries:
        kinds[query["kind"]].append(query["id"])
    rows = []
    for name, times in took.items():
        of_kinds = [ms(statistics.median(times[i] for i in ids)) if all(i in times for i in ids) else "-" for ids in kinds.values()]
        p50, p95 = (ms(measure.quantile(times.values(), q)) for q in (0.5, 0.95))
        rows.append([name, len(times), p50, p95, *of_kinds])
    table([title, "queries", "p50", "p95", *kinds], rows)


def asked(raw, taken, sizes, first, warm, cold):
    ratio = lambda took, q: measure.quantile(took["imr"].values(), q) / measure.quantile(took["bare tantivy loop"].values(), q)
    cpu = {name: statistics.median(run.cpu for run in runs) for name, runs in taken.items()}
    facets = [took / warm["imr, no facets"][i] for i, took in warm["imr, all ten facets"].items()]
    measured = {
        "CPU of indexing, imr / bare": cpu["imr"] / cpu["bare tantivy loop"],
        "index / raw text": sizes["imr"] / raw,
        "peak memory of indexing, MB": statistics.median(run.peak for run in taken["imr"]) / 1e6,
        "warm p50, imr / bare": ratio(warm, 0.5),
        "warm p95, imr / bare": ratio(warm, 0.95),
        "cold p50, imr / bare": ratio(cold, 0.5),
        "warm with all ten facets / without any, median query": statistics.median(facets),
        "warm with all ten facets / without any, worst query": max(facets),
        "first query after indexing / tenth": first,
    }
    figure = lambda value, most: f"{value:.2f}" if most < 100 else f"{value:.0f}"
    table(["asked of imr", "at most", "measured", ""],
          [[what, most, figure(measured[what], most), "" if measured[what] <= most else "missed"] for what, most in ASKED.items()])


def printed(letters, raw, queries, taken, sizes, first, warm, cold, cold_cpu):
    print(f"\n{letters} letters, {raw / 1e6:.0f} MB of text; {measure.machine()}; {datetime.date.today()}")
    indexing(letters, raw, taken, sizes)
    latency("warm, ms", warm, queries)
    latency("cold process, ms", cold, queries)
    latency("cold process, CPU ms", cold_cpu, queries)
    asked(raw, taken, sizes, first, warm, cold)
