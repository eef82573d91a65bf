#!/usr/bin/python3
"""sheets.py FOLDER: what `zuji explain --format csv` prints of the examples of all shipped rules, of the rules of
tests/golden/run and tests/cli/fixture, of tests/sheets.pcr (every operation, 250 rows, hostile texts), and of drawn
rules, evaluated by LibreOffice without a screen: every line has Zuji's value within 1e-9, no formula gives an error or
a text, nothing but formulas begins with the sign of one; a datum that is changed in the sheet changes the total as it
does in Zuji."""
import collections
import copy
import csv
import io
import json
import os
import re
import subprocess
import sys

from examples import explain, shipped

TOLERANCE, NOISE = 1e-9, 1e-12
FIRST = 4  # the row of the first line
COLUMNS = {"en": "item,title,kind,written,entry,value,unit,zuji,difference,reported,clause,source,place",
           "zh": "项目,名称,类别,原式,填法,数值,单位,Zuji 数值,差值,报出值,条款,来源,规则位置"}
INPUT, FORMULA = {"input", "输入"}, {"formula", "公式"}
SHARED = {"datum", "数据", "factor", "因子", "cell", "表格数值"}
# SPEC.md, 8.2
READ = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true,false,false,false,0,true"
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
DRAWN, SEED = int(os.environ.get("SHEETS_DRAWN", "25")), int(os.environ.get("SHEETS_SEED", "1"))
failures, count = 0, 0


def expect(holds, name, what):
    """One test."""
    global failures, count
    count += 1
    if not holds:
        failures += 1
        print(f"{name}: {what}")
    return holds


def expect_none(faults, name):
    """One test of many things: what is wrong with them."""
    faults = list(faults)
    return expect(not faults, name, f"{len(faults)} times, first: {'; '.join(faults[:3])}")


class Sheet:
    """A sheet as it was printed, and where it lies."""

    def __init__(self, name, arguments, lang, text):
        self.name, self.arguments, self.lang, self.text = f"{name} {lang}", arguments, lang, text
        self.rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
        self.path, self.evaluated = None, None

    def lines(self):
        """Printed and evaluated, of each line its number on the sheet and both."""
        return [(i + 1, self.rows[i], self.evaluated[i]) for i in range(FIRST - 1, len(self.rows))]


def as_number(text):
    """What stands in a cell: a number, a fraction, or None."""
    fraction = re.fullmatch(r"=(-?\d+)/(\d+)", text)
    if fraction:
        return int(fraction[1]) / int(fraction[2])
    try:
        return float(text)
    except ValueError:
        return None


def as_text(text):
    """What a quoted cell says: an apostrophe stands before what looks like a formula."""
    return text[1:] if text.startswith("'") else text


# ---- evaluation ----

def evaluate(folder, sheets, locale):
    """In as few processes as there may be: one takes 245 files."""
    for first in range(0, len(sheets), 200):
        evaluate_some(os.path.join(folder, str(first)), sheets[first:first + 200], locale)


def evaluate_some(folder, sheets, locale):
    source, result = os.path.join(folder, locale), os.path.join(folder, locale, "evaluated")
    user = os.path.join(folder, "office-" + locale, "user")
    os.makedirs(result, exist_ok=True)
    os.makedirs(user, exist_ok=True)
    open(os.path.join(user, "registrymodifications.xcu"), "w", encoding="utf-8").write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">'
        f'<value>{locale}</value></prop></item></oor:items>\n')
    for number, sheet in enumerate(sheets):
        sheet.path = os.path.join(source, f"{number}.csv")
        open(sheet.path, "w", encoding="utf-8", newline="").write(sheet.text)
    command = ["soffice", "-env:UserInstallation=file://" + os.path.abspath(os.path.dirname(user)), "--headless", READ,
               "--convert-to", WRITE, "--outdir", result, *(sheet.path for sheet in sheets)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    for sheet in sheets:
        made = os.path.join(result, os.path.basename(sheet.path))
        if expect(os.path.exists(made), sheet.name, f"is not evaluated: {done.stdout[-300:]}"):
            text = open(made, encoding="utf-8-sig", newline="").read()
            decimal = "," if locale == "de-DE" else "."
            sheet.evaluated = [[cell.replace(decimal, ".") if re.fullmatch(r"[-\d,.E+]+", cell) else cell
                                for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


# ---- what holds of each sheet ----

def faults_of_form(sheet):
    """RFC 4180, and which cells are formulas."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", sheet.text)
    if bare[0] != "\ufeff" or bare[-2:] != "\r\n" or "\n" in bare.replace("\r\n", ""):
        yield "line ends"
    if ",".join(sheet.rows[0]) != COLUMNS[sheet.lang]:
        yield "columns"
    if re.search(r"=[^\r\n,]*\d\.\d", bare):
        yield "a point in a formula"
    for number, row in enumerate(sheet.rows, 1):
        if len(row) != 13:
            yield f"line {number} has {len(row)} cells"
        texts = [cell for column, cell in enumerate(row) if column not in (5, 7, 8, 9)]
        if any(re.match(r"[\s\u3000]*[=+\-@＝＋－＠]", cell) for cell in texts):
            yield f"line {number}: {texts}"
        is_formula = row[5].startswith("=")
        if is_formula != (row[4] in FORMULA) and (row[4] not in INPUT or as_number(row[5]) is None):
            yield f"line {number}: {row[4]} is {row[5]}"


def faults_of_values(sheet):
    """Every line has the value that Zuji has, and every formula gives a number."""
    sizes = {f"F{number}": abs(as_number(row[7]) or 0) for number, row, _ in sheet.lines()}
    for number, row, made in sheet.lines():
        where = f"line {number} ({row[0]}, {row[2]}) {row[5]}"
        told = as_number(row[7])
        value = as_number(made[5])
        if row[7] != "" and told is None:
            if as_text(made[5]) != as_text(row[7]):
                yield f"{where}: {made[5]}, and not {row[7]}"
        elif row[7] != "" or row[4] in FORMULA:
            # what cancels is as uncertain as doubles of what it is made of
            noise = NOISE * max([sizes.get(cell, 0) for cell in re.findall(r"F\d+", row[5])], default=0)
            if value is None or (told is not None and abs(value - told) > TOLERANCE * abs(told) + noise):
                yield f"{where}: {made[5]}, and not {told}"
        if row[8] != "" and as_number(made[8]) != 0:
            yield f"{where}: differs by {made[8]}"
    if as_number(sheet.evaluated[2][5]) != 0:
        yield f"{sheet.evaluated[2][5]} lines differ"


STATED_OPERATIONS = {"number", "count", "given", "call"}


def is_computed(node):
    formula = node.get("formula")
    return (formula is not None and formula.get("op") not in STATED_OPERATIONS and "text" in node
            and node["kind"] not in ("picked", "external"))


def faults_of_contents(sheet):
    """It says what the JSON says: values, formulas, figures as reported."""
    nodes = json.loads(explain([*sheet.arguments, "--all"], "json", sheet.lang))["nodes"]
    told = {as_number(row[7]) for _, row, _ in sheet.lines()}
    yield from (f"lacks {node['value']}" for node in nodes
                if "value" in node and node["kind"] != "picked" and float(node["value"]) not in told)
    # an input that several nodes are is one line, or the others refer to it
    formulas = [row for _, row, _ in sheet.lines() if row[4] in FORMULA and row[7] != "" and row[2] not in SHARED]
    computed = [node for node in nodes if is_computed(node) and node["kind"] not in ("datum", "factor", "cell")]
    if len(formulas) != len(computed):
        yield f"{len(formulas)} formulas for {len(computed)}"
    inputs = [(row[0], row[1], row[6]) for _, row, _ in sheet.lines()
              if row[4] in INPUT and row[2] in SHARED and not re.search("default|缺省", row[11])]  # may be several
    yield from (f"{name} is several inputs" for name, times in collections.Counter(inputs).items() if times > 1)
    reported = sorted(re.split(r"[ (]", row[9])[0] for _, row, _ in sheet.lines() if row[9] != "")
    if reported != sorted(node["reported"] for node in nodes if "reported" in node):
        yield "other reported figures"


# ---- what is looked at ----

def make_data(folder):
    """For tests/sheets.pcr: 250 rows, ties, texts that look like formulas, and products of which much is absent."""
    hostile = ["=1+1", "+2", "-3", "@SUM(A1)", "\t=4", "＝5", "'=6", " =7", '"=8"', "007", "=cmd|'/c calc'!A0", "名称，“引号”",
               "1/2", "2024-01-02", "=HYPERLINK(\"http://x\")", "a\nb", "TRUE"]
    trips = [{"name": hostile[i % len(hostile)] + (f" {i}" if i >= len(hostile) else ""), "kind": hostile[i % 5],
              "mass": (i * 7919 % 1009) / 10 + 0.3, "distance": i % 37 * 11.5,
              **({"extra": i / 3} if i % 3 == 0 else {})} for i in range(250)]
    values = [{"v": v} for v in (0.145, 0.285, 0.565, 0.575, 1.005, 2.5, -0.145, 0.155, 1e-9, 123456.785, 0,
                                  0.3, -1234.5)]
    full = {"id": "=1+1", "output": 123.4, "day": "2024-03-01", "period": 2022, "way": "rail", "word": "=1+1", "q": 2.5,
            "x": 7.3, "warm": 21.5, "credit": 1200.5, "trips": trips, "values": values}
    small = {**full, "id": "零", "output": 0.25, "day": "1999-12-31", "way": "ship", "word": "steel", "q": -0.5,
             "x": 1e-7, "credit": 0, "trips": trips[:1], "values": []}
    path = os.path.join(folder, "sheets.json")
    json.dump([full, small], open(path, "w", encoding="utf-8"), ensure_ascii=False)
    return path


def reports_of(rule):
    return re.findall(r"^ *report (\w+) .*=", open(rule, encoding="utf-8").read(), re.M)


def results_of(arguments):
    """Product and row of what `zuji run` computes."""
    run = subprocess.run([os.environ["ZUJI"], "run", *arguments, "--format", "ndjson"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    return [result for result in map(json.loads, run.stdout.splitlines()) if result["status"] == "ok"]


def drawn(folder):
    """Rules of all constructs with data, drawn from a seed: the first result of each, and its reports."""
    folder = os.path.join(folder, "drawn")
    os.makedirs(folder, exist_ok=True)
    subprocess.run([os.environ["GOLDEN"], "draw", str(DRAWN), str(SEED), folder], check=True, stdout=subprocess.DEVNULL)
    for number in range(DRAWN):
        stem = os.path.join(folder, str(number))
        factors = os.path.join(stem, "factors.csv")
        example = [os.path.join(stem, "rule.pcr"), os.path.join(stem, "data.ndjson"),
                   *(["--factors", factors] if os.path.exists(factors) else [])]
        for result in results_of(example)[:1]:
            row = ["--row", str(result["row_number"])] if "row" in result else []
            for item in [[], *([report] for report in reports_of(example[0]))]:
                yield f"seed {SEED + number} {item}", [*example, "--product", result["id"], *row, *item]


def wanted(folder):
    """Name and arguments of every sheet."""
    yield from drawn(folder)
    for example in shipped():
        yield os.path.basename(example[0]) + " " + os.path.basename(example[1]), example
    golden = sorted(name[:-4] for name in os.listdir("tests/golden/run") if name.endswith(".pcr"))
    for name in golden:
        stem = os.path.join("tests/golden/run", name)
        factors = stem + ".factors.csv"
        example = [stem + ".pcr", stem + ".json", *(["--factors", factors] if os.path.exists(factors) else [])]
        for result in results_of(example):
            row = ["--row", result["row"]] if "row" in result else []
            yield f"{name} {result['id']} {row}", [*example, "--product", result["id"], *row]
    language = ["tests/golden/run/language.pcr", "tests/golden/run/language.json"]
    every = ["tests/sheets.pcr", make_data(folder)]
    for report in reports_of(every[0]):
        yield report, [*every, report]
    for report in reports_of(language[0]):
        yield report, [*language, report]
    for product in ("=1+1", "零"):
        yield product, [*every, "--product", product]
    for name, data in (("bakery", "bakery"), ("plant", "good"), ("cff", "cff"), ("roots", "roots")):
        fixture = "tests/cli/fixture/"
        yield name, [fixture + name + ".pcr", fixture + data + ".json"]
    library = os.path.join(os.path.abspath(folder), "vapour.so")
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run([*compiler, "-shared", "-fPIC", "-o", library, "bindings/c/vapour.c", "-lm"], check=True)
    yield "external", ["tests/cli/fixture/drying.pcr", "tests/cli/fixture/drying.json", "--allow-native",
                       f"vapour_pressure={library}:vapour_pressure"]


# ---- changes ----

def changed_data(data, path, factor):
    """The product with the number at this path multiplied; None where it is no plain number there."""
    product = copy.deepcopy(data)
    at, keys = product, re.findall(r"[^.\[\]]+", path)
    for key in keys[:-1]:
        at = at[int(key) - 1] if key.isdigit() else at.get(key)
        if at is None:
            return None
    if not isinstance(at.get(keys[-1]), (int, float)) or isinstance(at.get(keys[-1]), bool):
        return None
    at[keys[-1]] *= factor
    return product


# Rule, data, options, what each datum is multiplied by. In the bakery a condition does not hold any more then.
CHANGED = (("rules/metals/primary_aluminium.pcr", "rules/metals/examples/smelter_2024.json",
            ["--factors", "rules/factors"], 1.25),
           ("rules/waste/landfill.pcr", "rules/waste/examples/landfill.json", [], 1.25),
           ("tests/cli/fixture/bakery.pcr", "tests/cli/fixture/bakery.json", [], 0.125))


def changes(folder):
    """Sheets with one datum changed, and the total that Zuji has for it."""
    for rule, data, options, factor in CHANGED:
        product = json.load(open(data, encoding="utf-8"))
        product = product[0] if isinstance(product, list) else product
        whole = explain([rule, data, *options], "csv", "en")
        for path in [row[0] for row in Sheet("", [], "en", whole).rows if row[2] == "datum" and row[4] == "input"]:
            other = changed_data(product, path, factor)
            place = os.path.join(folder, "changed.json")
            if other is None:
                continue
            json.dump([other], open(place, "w", encoding="utf-8"))
            total = results_of([rule, place, *options])
            if not total:
                continue  # a requirement does not hold
            line = re.search(r'^"' + re.escape(path) + r'",.*"input",([^,]*),', whole, re.M)
            text = whole[:line.start(1)] + repr(float(line[1]) * factor) + whole[line.end(1):]
            yield Sheet(f"{rule} with another {path}", [], "en", text), total[0]["total"]["value"]


def check_changes(folder):
    made = list(changes(folder))
    totals = {}
    evaluate(folder, [sheet for sheet, _ in made], "en-GB")
    for sheet, total in made:
        if sheet.evaluated is not None:
            value = as_number(sheet.evaluated[FIRST - 1][5])
            expect(value is not None and abs(value - total) <= TOLERANCE * abs(total), sheet.name,
                   f"the total is {value}, and not {total}")
            totals.setdefault(sheet.name.split()[0], set()).add(total)
    expect(len(made) >= 20 and all(len(of) > 5 for of in totals.values()), "changes", f"only {len(made)}")


def main(folder):
    os.environ["LC_ALL"] = "C.UTF-8"
    sheets = {"en-US": [], "zh-CN": [], "de-DE": []}
    lang = "en"
    for name, arguments in wanted(folder):
        text = explain(arguments, "csv", lang)
        if expect(text is not None, name, "is not explained"):
            locale = "zh-CN" if lang == "zh" else "en-US" if len(sheets["de-DE"]) > 20 else "de-DE"
            sheets[locale].append(Sheet(name, arguments, lang, text))
        lang = "zh" if lang == "en" else "en"
    for locale, of in sheets.items():
        expect(len(of) >= 15, locale, f"only {len(of)} sheets")
        evaluate(folder, of, locale)
        for sheet in of:
            expect_none(faults_of_form(sheet), sheet.name)
            if sheet.evaluated is not None:
                expect_none(faults_of_values(sheet), sheet.name)
                expect_none(faults_of_contents(sheet), sheet.name)
    check_changes(folder)


main(sys.argv[1])
print(f"{count - failures} passed, {failures} failed")
sys.exit(failures > 0)
