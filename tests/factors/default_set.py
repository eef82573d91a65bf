"""The default set of factors: what `zuji factors check` cannot know, because it is this set's own promise.

All files have the same header; every row has an id, a source, a licence, a quality and a status; keys that are names have them in both
languages; the unit is that of the family in README.md, and so are the parts; drafts say so in their source and how far they may be off;
what is published does not. Files beside the examples of rules have these columns and those of their own keys, keep the same promises,
and no row that is in the set or in another of them.
"""
import csv
import glob
import os
import re
import subprocess
import sys

FOLDER = "rules/factors"
BESIDE = "rules/*/examples/*.csv"
PARTS = ["fossil", "biogenic", "land_use_change"]
passed = failed = 0


def check(what, holds):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds:
        print(f"FAILED {what}")


def families():
    """Name, to (unit, is split, file), of the table of README.md."""
    found = {}
    with open(f"{FOLDER}/README.md", encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 5 and cells[0].startswith("`"):
                for name in re.findall(r"`(\w+)`", cells[0]):
                    found[name] = (cells[2].split(",")[0], "split" in cells[2], cells[3])
    return found


def table(path):
    with open(path, encoding="utf-8") as file:
        reader = csv.DictReader(line for line in file if not line.startswith("#"))
        return list(reader), reader.fieldnames


def check_family(name, row, known):
    where = f"{name}: {row['id']}"
    unit, is_split, place = known.get(row["factor"], ("", False, ""))
    check(f"{where} is of a family of README.md", place == name)
    check(f"{where} is in {unit}", row["unit"] == unit)
    check(f"{where} has its parts", all(row[part] != "" for part in PARTS) == is_split)


def check_row(name, row):
    where = f"{name}: {row['id']}"
    check(f"{where} has an id of its family", row["id"].startswith(row["factor"] + "/"))
    check(f"{where} has a source, a licence, a quality", row["source"] and row["licence"] and row["quality"])
    check(f"{where} has a status", row["status"] in ("measured", "published", "draft"))
    check(f"{where} has names in both languages", bool(row["name"]) == bool(row["name.zh"]))
    is_draft = row["status"] == "draft"
    check(f"{where} says that it is a draft", is_draft == row["source"].startswith("draft:") == row["uncertainty"].startswith("lognormal(gsd "))


known = families()
seen = set()
headers = set()
for path in sorted(glob.glob(f"{FOLDER}/*.csv")):
    rows, header = table(path)
    headers.add(tuple(header))
    for row in rows:
        check_family(os.path.basename(path), row, known)
        check_row(os.path.basename(path), row)
        seen.add(row["factor"])
check("one header", len(headers) == 1)
check("every family of README.md has rows", seen == set(known) and len(seen) > 0)
beside = sorted(glob.glob(BESIDE))
for path in beside:
    rows, header = table(path)
    check(f"{path} has the columns of the set", set(header) >= set(next(iter(headers))) and len(rows) > 0)
    for row in rows:
        check_row(path, row)
done = subprocess.run([os.environ["ZUJI"], "factors", "check", FOLDER, *beside], capture_output=True, text=True, encoding="utf-8")
check("zuji factors check: " + done.stdout + done.stderr, done.returncode == 0 and done.stdout + done.stderr == "")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
