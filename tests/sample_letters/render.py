"""Make the sample letters and what a reader must get from them.

    render.py            write data/*.txt, data/*.pdf, the table in data/README.md, tests/bad/*.pdf and tests/data_gold.jsonl
    render.py --check    write nothing; name what differs from the committed files, and exit 1 if anything does

The letters are the .toml files beside this one, in the words of the letter record; text, PDF and gold come from the same words, so
the gold is true by construction. `layout.py` explains the marks that stand in their texts. What is printed otherwise than it is to be
read has a key of its own: `states_printed`, `specialties_printed`, `credentials` (the sentence instead of the list), and
`before_summary`, `before_issues`, `after_issues`, `before_outcome` for marks where there is no text to put them in.

Python 3.11 or newer, nothing else to install.
"""

import json
import sys
import tomllib
from pathlib import Path

import pdf
import text
from layout import pages

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DAYS = {
    "date_assigned": "assigned",
    "decision_date": "decided",
    "injury_date": "injury",
    "ur_denial_date": "denied",
    "received_date": "received",
}


TABLE_MARK = "<!-- The table is written by tests/sample_letters/render.py. -->\n"


def main():
    made = everything()
    stale = [path for path, data in made.items() if not same(ROOT / path, data)]
    if sys.argv[1:] != ["--check"]:
        for path in stale:
            (ROOT / path).write_bytes(made[path])
            print(path)
        return
    for path in stale:
        print(f"{path} is not what render.py makes", file=sys.stderr)
    sys.exit(1 if stale else 0)


def everything():
    """Every file that is made, by its path from the root."""
    made, gold = {}, []
    for source in sorted(HERE.glob("*.toml")):
        letter = tomllib.loads(source.read_text("utf-8"))
        name, data = rendered(letter, source.stem)
        made[f"data/{name}"] = data
        gold.append(record(letter, name))
    made["data/README.md"] = (readme_head() + table(gold)).encode()
    made["tests/data_gold.jsonl"] = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in gold).encode()
    locked = tomllib.loads((HERE / "CM99-0000001.toml").read_text("utf-8"))
    made["tests/bad/user_password.pdf"] = pdf.letter(pages(locked)[:1], user_password="secret")
    made["tests/bad/picture_only.pdf"] = pdf.picture()
    return made


def readme_head():
    """The README of the letters as far as it is written by hand."""
    return (ROOT / "data/README.md").read_text("utf-8").split(TABLE_MARK)[0] + TABLE_MARK


def table(gold):
    """The letters with their decisions, as a table and its sums."""
    outcomes = [d["outcome"] for r in gold for d in r["decisions"]]
    rows = [f"{len(gold)} letters, {len(outcomes)} decisions: {outcomes.count('upheld')} upheld, "
            f"{outcomes.count('overturned')} overturned.\n", "| letter | decisions | what it is there to show |", "|---|---|---|"]
    for r in gold:
        items = [f"{n}. {d['disputed']}: {'**overturned**' if d['outcome'] == 'overturned' else d['outcome']}"
                 for n, d in enumerate(r["decisions"], 1)]
        rows.append(f"| {r['file']} | {'<br>'.join(items)} | {r['notes']} |")
    return "\n".join(rows) + "\n"


def rendered(letter, stem):
    """A letter as the file it is published in."""
    match letter["form"]:
        case "text":
            return f"{stem}.txt", text.as_pdftotext(pages(letter)).encode()
        case "double-spaced":
            return f"{stem}.txt", text.double_spaced(pages(letter)).encode()
        case "pdf":
            return f"{stem}.pdf", pdf.letter(pages(letter))
        case "pdf, not encrypted":
            return f"{stem}.pdf", pdf.letter(pages(letter), encrypted=False)
    raise ValueError(f"{stem}: no such form: {letter['form']}")


def same(path, data):
    """Whether a file is there and is this; a PDF is the same if its identifier is, whatever zlib deflated it."""
    if not path.exists():
        return False
    there = path.read_bytes()
    if path.suffix == ".pdf":
        return there[there.rfind(b"/ID") :].split(b"]")[0] == data[data.rfind(b"/ID") :].split(b"]")[0]
    return there == data


def record(letter, name):
    """What a reader must get from a letter."""
    return {
        "file": name,
        "case_number": letter.get("case"),
        **{field: letter.get(day) for field, day in DAYS.items()},
        "priority": letter.get("priority"),
        "licensure": letter["licensure"],
        "specialties": letter["specialties"],
        "age": letter.get("age"),
        "gender": letter.get("gender"),
        "summary": plain(letter["summary"]),
        "decisions": [decision_record(d) for d in letter["decision"]],
        "notes": letter["notes"],
    }


def decision_record(decision):
    """What a reader must get from a decision; what is in dispute is the item, unless the letter says otherwise."""
    item = plain(decision["item"])
    categories = [decision["category"], *decision.get("or_category", [])]
    return {
        "item": item,
        "disputed": decision.get("disputed", item),
        "outcome": decision["outcome"].lower(),
        "category": categories[0][0],
        "subcategory": categories[0][1],
        "accept": categories,
        "claims_guideline": plain(decision["claims"]),
        "imr_guideline": plain(decision["imr"]),
        "rationale": plain(decision["rationale"]),
    }


def plain(words):
    """A text without the marks of the layout."""
    return " ".join(word for word in words.split() if word not in ("{page}", "{line}", "{gap}"))


if __name__ == "__main__":
    main()
