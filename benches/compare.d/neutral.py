"""The queries of queries.jsonl, in the words of each engine.

A query is asked of every engine, so it says what must hold and not how it is written:

    words    words that all occur                     within   the field in which the text stands; without it, any
    any      words of which one occurs                is       exact values: outcome, category, specialty
    phrase   words side by side                       between  ranges with their ends: age, decided
    prefix   the beginning of a word                  facets   the values of FACETS are counted

No word has a digit or an apostrophe in or beside it: there the engines cut words differently, which is no error of any.
"""

import json
import shlex

FACETS = ["outcome", "category", "specialty"]
TEXTS = ["item", "claims_guideline", "imr_guideline", "rationale", "summary"]


def read(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def imr(query):
    """As a user of imr writes it who wants words and not their forms: in quotation marks."""
    quoted = lambda words: [f'"{word}"' for word in words]
    text = quoted(query.get("words", []))
    if "any" in query:
        text.append("(" + " OR ".join(quoted(query["any"])) + ")")
    if "phrase" in query:
        text.append('"' + " ".join(query["phrase"]) + '"')
    if "prefix" in query:
        text.append(query["prefix"] + "*")
    if text and "within" in query:
        text = [f"{query['within']}:({' AND '.join(text)})"]
    filters = [f'{field}:"{value}"' for field, value in query.get("is", {}).items()]
    ranges = [f"{field}:{first}..{last}" for field, (first, last) in query.get("between", {}).items()]
    return " AND ".join(text + filters + ranges) or "*"


def typed(query):
    """As it comes to mind: the words side by side, which also finds their other forms and goes on with near matches."""
    plain = {key: value for key, value in query.items() if key != "words"}
    rest = imr(plain)
    words = " ".join(query.get("words", []))
    if words and "within" in query:
        words = f"{query['within']}:({words})"
    return " ".join(part for part in (words, "" if rest == "*" else rest) if part) or "*"


def command(program, index, query, exact):
    """imr asked from the shell: for words as they are, or as one comes to it."""
    text = ["--exact", "--strict", imr(query)] if exact else [typed(query)]
    facets = [word for name in FACETS if query.get("facets") for word in ("--facet", name)]
    return [str(program), "query", "--index", str(index), "-n", "20", *facets, *text]


def ripgrep(query, folder):
    """A pipe that lists the letters, or None. It knows no decisions, no fields and no counts."""
    if query.keys() & {"within", "is", "between", "facets"}:
        return None
    # Fixed words are what it is fastest at.
    asked = [f"-wF -e {word}" for word in query.get("words", [])]
    if "any" in query:
        asked.append("-wF " + " ".join(f"-e {word}" for word in query["any"]))
    if "phrase" in query:
        asked.append("-U -e " + shlex.quote(r"\b" + r"\s+".join(query["phrase"]) + r"\b"))
    if "prefix" in query:
        asked.append("-e " + shlex.quote(r"\b" + query["prefix"]))
    lists = [f"rg -j2 -0li {one}" for one in asked]
    return " | xargs -0 -r ".join([f"{lists[0]} {shlex.quote(folder)}", *lists[1:]])
