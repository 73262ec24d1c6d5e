"""truth.py RECORDS QUERIES: what each query must find, counted from the true records without any engine, as JSON.

A text is its runs of letters and digits in lower case with a blank round each, so that a word, a phrase or a prefix is found as a
piece of it, and no phrase runs from one text into the next.
"""

import collections
import json
import re
import sys

import neutral

WORD = re.compile(r"[^\W_]+")


def spaced(text):
    return f" {' '.join(WORD.findall((text or '').lower()))} "


def units(records):
    """Each decision: its texts, and the values of its fields."""
    with open(records) as lines:
        for letter in map(json.loads, lines):
            summary = spaced(letter["summary"])
            for decision in letter["decisions"]:
                item = spaced(decision["item"])
                said = [spaced(decision[name]) for name in neutral.TEXTS[1:4]]
                values = {
                    "outcome": [decision["outcome"]],
                    "category": [decision["category"]],
                    "specialty": set(letter["specialties"]),
                    "age": letter["age"],
                    "decided": letter["decision_date"],
                }
                yield item, "|".join([item, *said, summary]), values


def holds(query, item, everything, values):
    text = item if query.get("within") == "item" else everything
    return (
        all(f" {word} " in text for word in query.get("words", []))
        and ("any" not in query or any(f" {word} " in text for word in query["any"]))
        and ("phrase" not in query or f" {' '.join(query['phrase'])} " in text)
        and ("prefix" not in query or f" {query['prefix']}" in text)
        and all(value in values[field] for field, value in query.get("is", {}).items())
        and all(values[field] is not None and first <= values[field] <= last
                for field, (first, last) in query.get("between", {}).items())
    )


def main(records, queries):
    queries = neutral.read(queries)
    hits = collections.Counter()
    facets = {query["id"]: {name: collections.Counter() for name in neutral.FACETS} for query in queries if query.get("facets")}
    for unit in units(records):
        for query in queries:
            if holds(query, *unit):
                hits[query["id"]] += 1
                for name, counts in facets.get(query["id"], {}).items():
                    counts.update(value for value in unit[2][name] if value is not None)
    json.dump({query["id"]: {"hits": hits[query["id"]], "facets": facets.get(query["id"])} for query in queries}, sys.stdout)


main(*sys.argv[1:])
