#!/usr/bin/python3
"""sarif.py SCHEMA FILE…: what `zuji check --format sarif` prints of the files, in both languages, is valid SARIF 2.1.0,
says the same as `--format json`, and its lines and columns (code points) lie where the bytes of the JSON do."""
import json
import os
import subprocess
import sys
from urllib.parse import unquote

import jsonschema

LEVELS = {"error": "error", "warning": "warning", "lint": "note", "note": "note"}


def check(file, form, lang):
    made = subprocess.run([os.environ["ZUJI"], "check", "--format", form, "--lang", lang, file], stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def text_at(path, region):
    """The text between lines and columns; a byte order mark is no character of the text."""
    lines = open(path, encoding="utf-8-sig", newline="").read().split("\n")
    first, last = region["startLine"] - 1, region["endLine"] - 1
    if first == last:
        return lines[first][region["startColumn"] - 1:region["endColumn"] - 1]
    parts = [lines[first][region["startColumn"] - 1:]] + lines[first + 1:last] + [lines[last][:region["endColumn"] - 1]]
    return "\n".join(parts)


def compare_region(place, region, told):
    offset, length = told["offset"], told["length"]
    assert (region["byteOffset"], region["byteLength"]) == (offset, length), "bytes"
    assert (region["startLine"], region["startColumn"]) == (told["line"], told["column"]), "start"
    assert (region["endLine"], region["endColumn"]) == (told["end_line"], told["end_column"]), "end"
    path = unquote(place)
    if os.path.exists(path):
        wanted = open(path, "rb").read()[offset:offset + length]
        try:
            wanted = wanted.decode()
        except UnicodeDecodeError:
            return  # a message about a byte that is no character
        assert text_at(path, region) == wanted, "the columns hold another text"


def compare(result, told, lang, rules):
    assert result["ruleId"] == told["code"] and rules[result["ruleIndex"]]["id"] == told["code"], "rule"
    assert result["level"] == LEVELS[told["severity"]], "level"
    lines = [told["message"][lang]] + [note["message"][lang] for note in told["notes"]]
    assert all(line in result["message"]["text"] for line in lines), "message"
    places = [place["physicalLocation"] for place in result.get("locations", [])]
    assert len(places) == (told["file"] is not None), "locations"
    for place in places:
        compare_region(place["artifactLocation"]["uri"], place["region"], told)
    related = result.get("relatedLocations", [])
    assert len(related) == len(told["labels"]), "labels"
    for place, label in zip(related, told["labels"]):
        assert place["message"]["text"] == label["message"][lang], "label"
        if label["file"] is not None:
            compare_region(place["physicalLocation"]["artifactLocation"]["uri"], place["physicalLocation"]["region"], label)
    fixes = result.get("fixes", [])
    assert len(fixes) == len(told["fixes"]), "fixes"
    for fix, wanted in zip(fixes, told["fixes"]):
        change = fix["artifactChanges"][0]
        replacement = change["replacements"][0]
        assert replacement["insertedContent"]["text"] == wanted["replacement"], "replacement"
        assert fix["description"]["text"] == wanted["title"][lang], "title"
        assert fix["properties"]["applicable"] == wanted["applicable"], "applicable"
        compare_region(change["artifactLocation"]["uri"], replacement["deletedRegion"], wanted)


def check_file(validator, file, lang):
    log = check(file, "sarif", lang)
    validator.validate(log)
    run = log["runs"][0]
    told = check(file, "json", lang)
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints", "columnKind"
    assert len(run["results"]) == len(told), "not the same messages"
    for result, message in zip(run["results"], told):
        compare(result, message, lang, rules)


def main():
    with open(sys.argv[1], encoding="utf-8") as schema:
        validator = jsonschema.Draft4Validator(json.load(schema))
    passed = failed = 0
    for file in sys.argv[2:]:
        for lang in ("en", "zh"):
            try:
                check_file(validator, file, lang)
                passed += 1
            except (AssertionError, jsonschema.ValidationError) as error:
                print(f"FAILED {file} --lang {lang}: {error}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
