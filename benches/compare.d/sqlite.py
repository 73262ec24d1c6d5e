"""SQLite FTS5 with the same decisions: what a good programmer gets from a database that is already there.

    sqlite.py index RECORDS DIR              ask DIR QUERIES ROUNDS              sql QUERIES ID

The texts stand in a table, the full-text index refers to them, and the values of the facets are numbers in a narrow table of their
own with indexes. `sql` prints a query for the sqlite3 shell, which starts faster than Python.
"""

import json
import os
import sqlite3
import sys
import time

import neutral

SCHEMA = """
PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;
CREATE TABLE text(id INTEGER PRIMARY KEY, letter TEXT, item TEXT, claims_guideline TEXT, imr_guideline TEXT, rationale TEXT, summary TEXT);
CREATE TABLE decision(id INTEGER PRIMARY KEY, outcome INT, category INT, age INT, decided INT);
CREATE TABLE specialty(decision INT, value INT, PRIMARY KEY(decision, value)) WITHOUT ROWID;
CREATE TABLE value(id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE VIRTUAL TABLE words USING fts5(item, claims_guideline, imr_guideline, rationale, summary,
    content = text, content_rowid = id, tokenize = "unicode61 remove_diacritics 0");
INSERT INTO words(words, rank) VALUES('hashsize', 67108864);
BEGIN;
"""
FINISH = """
CREATE INDEX by_outcome ON decision(outcome, category); CREATE INDEX by_category ON decision(category, outcome);
CREATE INDEX by_age ON decision(age); CREATE INDEX by_day ON decision(decided); CREATE INDEX by_specialty ON specialty(value, decision);
INSERT INTO words(words) VALUES('optimize'); ANALYZE;
"""
SETTINGS = "PRAGMA cache_size = -262144; PRAGMA mmap_size = 17179869184; PRAGMA temp_store = MEMORY;"


def day(text):
    return text and int(text.replace("-", ""))


def index(records, folder):
    os.makedirs(folder, exist_ok=True)
    db = sqlite3.connect(f"{folder}/db.sqlite", isolation_level=None)
    db.executescript(SCHEMA)
    values = {None: None}

    def value(name):
        if name not in values:
            values[name] = len(values)
            db.execute("INSERT INTO value VALUES(?, ?)", (values[name], name))
        return values[name]

    number = 0
    with open(records) as lines:
        for letter in map(json.loads, lines):
            for d in letter["decisions"]:
                number += 1
                texts = [d["item"], d["claims_guideline"], d["imr_guideline"], d["rationale"], letter["summary"]]
                db.execute("INSERT INTO text VALUES(?, ?, ?, ?, ?, ?, ?)", [number, letter["case_number"], *texts])
                db.execute("INSERT INTO words(rowid, item, claims_guideline, imr_guideline, rationale, summary) "
                           "VALUES(?, ?, ?, ?, ?, ?)", [number, *texts])
                db.execute("INSERT INTO decision VALUES(?, ?, ?, ?, ?)",
                           (number, value(d["outcome"]), value(d["category"]), letter["age"], day(letter["decision_date"])))
                db.executemany("INSERT OR IGNORE INTO specialty VALUES(?, ?)", [(number, value(s)) for s in letter["specialties"]])
    db.execute("COMMIT")
    db.executescript(FINISH)


def statements(query):
    """What is asked, by name: the hits, the best twenty, the facets."""
    quoted = [f'"{word}"' for word in query.get("words", [])]
    if "any" in query:
        quoted.append("(" + " OR ".join(f'"{word}"' for word in query["any"]) + ")")
    if "phrase" in query:
        quoted.append('"' + " ".join(query["phrase"]) + '"')
    if "prefix" in query:
        quoted.append(query["prefix"] + "*")
    match = " AND ".join(quoted)
    if match and "within" in query:
        match = f"{query['within']} : ({match})"
    where = [f"words MATCH '{match}'"] if match else []
    for field, name in query.get("is", {}).items():
        number = "(SELECT id FROM value WHERE name = '{}')".format(name.replace("'", "''"))
        of_several = f"EXISTS(SELECT 1 FROM specialty s WHERE s.decision = d.id AND s.value = {number})"
        where.append(of_several if field == "specialty" else f"d.{field} = {number}")
    for field, (first, last) in query.get("between", {}).items():
        first, last = (first, last) if field == "age" else (day(first), day(last))
        where.append(f"d.{field} BETWEEN {first} AND {last}")
    filtered = "is" in query or "between" in query
    source = ("words JOIN decision d ON d.id = words.rowid" if filtered else "words") if match else "decision d"
    key = "words.rowid" if match else "d.id"
    found = source + (" WHERE " + " AND ".join(where) if where else "")
    rank, order = (", words.rank AS rank", " ORDER BY words.rank") if match else ("", "")
    asked = []
    if query.get("facets"):
        asked += [("", "CREATE TEMP TABLE IF NOT EXISTS hit(id INTEGER PRIMARY KEY)"), ("", "DELETE FROM temp.hit"),
                  ("", f"INSERT INTO temp.hit SELECT {key} FROM {found}"), ("hits", "SELECT count(*) FROM temp.hit")]
        for name in neutral.FACETS:
            column, joined = ("s.value", "specialty s ON s.decision = h.id") if name == "specialty" else (f"d.{name}", "decision d ON d.id = h.id")
            asked.append((name, f"SELECT v.name, g.n FROM (SELECT {column} AS id, count(*) AS n FROM temp.hit h JOIN {joined} GROUP BY 1) g JOIN value v USING(id)"))
    else:
        asked.append(("hits", f"SELECT count(*) FROM {found}"))
    asked.append(("top", f"SELECT t.letter, v.name, t.item FROM (SELECT {key} AS id{rank} FROM {found}{order} LIMIT 20) x JOIN text t USING(id) "
                         f"JOIN decision d USING(id) JOIN value v ON v.id = d.outcome{' ORDER BY x.rank' if rank else ''}"))
    return asked


def ask(folder, queries, rounds):
    db = sqlite3.connect(f"file:{folder}/db.sqlite?mode=ro", uri=True, isolation_level=None)
    db.executescript(SETTINGS)
    queries = neutral.read(queries)
    took, answers = {query["id"]: [] for query in queries}, {}
    for _ in range(int(rounds)):
        for query in queries:
            start = time.perf_counter()
            answers[query["id"]] = {name: db.execute(sql).fetchall() for name, sql in statements(query)}
            took[query["id"]].append(round((time.perf_counter() - start) * 1e6))
    for name, answer in answers.items():
        facets = {facet: dict(answer[facet]) for facet in neutral.FACETS if facet in answer}
        print(json.dumps({"id": name, "hits": answer["hits"][0][0], "facets": facets, "us": took[name]}))


def sql(queries, name):
    query = next(query for query in neutral.read(queries) if query["id"] == name)
    print(SETTINGS, ";\n".join(sql for _, sql in statements(query)), end=";\n")


{"index": index, "ask": ask, "sql": sql}[sys.argv[1]](*sys.argv[2:])
