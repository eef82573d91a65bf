"""The standard library as a whole: what each module exports is documented in both languages and has an example, no two
modules say one thing differently, warming potentials are those of the published data set, and the Circular Footprint
Formula agrees with fractions on random vectors. `zuji test stdlib` runs the examples themselves.
    stdlib.py ZUJI FOLDER [SHARED]"""
import csv, os, random, re, subprocess, sys
from fractions import Fraction

zuji, folder, shared = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""
passed = failed = 0
HAN = re.compile("[\u4e00-\u9fff]")
EXPORT = re.compile(r"^(function|external function|table|factor|choice|row|unit|let) (\w+)", re.M)
PRELUDE = ("lifecycles", "profiles")


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", text)


def statement(text, start):
    """The declaration that begins there: up to the next line that is not indented."""
    end = re.compile(r"^(?=[^\s}])", re.M).search(text, start + 1)
    return text[start:end.start() if end else len(text)]


def block_of(text, start):
    """The `///` lines right above."""
    lines = text[:start].split("\n")[:-1]
    found = []
    while lines and lines[-1].startswith("///"):
        found.append(lines.pop()[3:].strip())
    return found[::-1]


modules = {name[:-4]: open(os.path.join(folder, name), encoding="utf-8").read()
           for name in sorted(os.listdir(folder)) if name.endswith(".pcr")}
ROWS = [name for text in modules.values() for name in re.findall(r"^row (\w+)", text, re.M)]
# Rows are data, so what takes them is seen at work in rules with examples.
rules = "\n".join(open(os.path.join(path, name), encoding="utf-8").read()
                  for path, _, names in [*os.walk(os.path.join(folder, "..", "rules")), *os.walk(folder)] for name in names if name.endswith(".pcr"))
declared, spelt = {}, {}
for name, text in modules.items():
    if name in PRELUDE:
        continue
    examples = "\n".join(statement(text, found.start()) for found in re.finditer(r"^example ", text, re.M))
    before = []
    for found in EXPORT.finditer(text):
        kind, thing = found.groups()
        where = f"{name}.{thing}"
        body = statement(text, found.start())
        check(declared.setdefault(thing, name) == name, f"{where}: std.{declared[thing]} declares it too")
        docs = block_of(text, found.start()) or before
        if kind in ("function", "external function", "factor", "row") or (kind == "table" and thing != "gwp"):
            check(re.search(r'"[^"]+"\s+zh "', body), f"{where} has no title in both languages")
            before = docs
        if kind in ("function", "external function", "row"):
            both = any(HAN.search(line) for line in docs) and any(line and not HAN.search(line) for line in docs)
            check(both, f"{where} is not documented in both languages")
        if kind in ("table", "function", "external function", "factor"):
            check("cite" in body, f"{where} has no source")
        takes_row = kind == "function" and re.search(rf": ({'|'.join(ROWS)})[,)]", body)
        if takes_row or kind == "row":
            uses = re.findall(rf"list of {thing}(?!\w)" if kind == "row" else rf"(?<!function )(?<!\w){thing}\(", rules)
            check(uses, f"no rule uses {where}")
        elif kind in ("function", "external function", "unit"):
            check(re.search(rf"(?<!\w){thing}(?!\w)", examples), f"{where} is in no example")
    for first, other in re.findall(r"(\w+) ([^\s,{}]+)", "".join(re.findall(r"^names \{(.*?)\}", text, re.M | re.S))):
        check(spelt.setdefault(other, first) == first, f"{name}: {other} is {spelt.get(other)} elsewhere, and {first} here")


def run(text, name):
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"zuji_{os.getpid()}_{name}.pcr")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([zuji, "test", "--lang", "en", path], capture_output=True, text=True)
    os.remove(path)
    check(done.returncode == 0, f"{name}: {done.stdout}{done.stderr[:2000]}")


# Warming potentials: the table of std.gases against the CSV, gas by gas and set by set.
COLUMNS = {"sar": "SARGWP100", "tar": "TARGWP100", "ar4": "AR4GWP100", "ar5": "AR5GWP100", "ar5_feedback": "AR5CCFGWP100", "ar6": "AR6GWP100"}
TABLE = "/data/gwp/globalwarmingpotentials.csv"
if shared and os.path.exists(shared + TABLE):
    rows = csv.DictReader(line for line in open(shared + TABLE, encoding="utf-8") if not line.startswith("#"))
    published = {row["Species"]: row for row in rows}
    lines = {found[0]: [cell.strip() for cell in found[1].split(",")]
             for found in re.findall(r"^    (\w+)\s+=> (.*)$", statement(modules["gases"], modules["gases"].index("\ntable gwp") + 1), re.M)}
    for gas, cells in lines.items():
        if gas.startswith("CH4_") or gas == "CO2":
            continue # CO2 is 1; the data set has methane as one
        for (column, header), cell in zip(COLUMNS.items(), cells):
            value = published.get(gas, {}).get(header, "")
            check((cell == "_" and value == "") or (cell != "_" and value and Fraction(cell) == Fraction(value)),
                  f"gwp of {gas} in {column} is {cell}, and {value or 'nothing'} in the data set")
    for gas, row in published.items():
        is_late = any(row[COLUMNS[column]] for column in ("ar5", "ar5_feedback", "ar6"))
        check(gas in lines or gas == "CH4" or not is_late, f"{gas} of the data set is no gas of std.gases")
    check(lines["CO2"] == ["1"] * 6, "carbon dioxide is 1")
    check(lines["CH4_fossil"] == ["21", "23", "25", "30", "36", "29.8"], "fossil methane")
    check(lines["CH4_biogenic"][5] == "27", "biogenic methane of AR6")
    for column, value in (("sar", "21"), ("tar", "23"), ("ar4", "25"), ("ar5", "28"), ("ar5_feedback", "34")):
        at = list(COLUMNS).index(column)
        check(lines["CH4_biogenic"][at] == value == published["CH4"][COLUMNS[column]], f"methane in {column}")
else:
    print("the published warming potentials are not there")

# The Circular Footprint Formula on random vectors, and two of its identities.
random.seed(4481)
expects = []
for _ in range(60):
    pick = lambda most, digits: Fraction(random.randint(0, most * 10**digits), 10**digits)
    a, r1, r2, q_in, q_out = (pick(1, 3) for _ in range(5))
    virgin, recycled, recycling, substituted = (pick(20, 4) for _ in range(4))
    material = ((1 - r1) * virgin + r1 * (a * recycled + (1 - a) * virgin * q_in)
                + (1 - a) * r2 * (recycling - substituted * q_out))
    text = lambda number: f"{float(number):.12f}".rstrip("0").rstrip(".")
    call = lambda A, R1, R2, Qi, Qo, v, c, g, s: (
        f"cff_material(A = {text(A)}, R1 = {text(R1)}, R2 = {text(R2)}, Q_in = {text(Qi)}, Q_out = {text(Qo)}, "
        f"virgin = {text(v)}, recycled = {text(c)}, recycling = {text(g)}, substituted = {text(s)})")
    exact = f"({material.numerator} / {material.denominator})" if material >= 0 else f"(0 - {-material.numerator} / {material.denominator})"
    expects.append(f"expect {call(a, r1, r2, q_in, q_out, virgin, recycled, recycling, substituted)} = {exact} within 1e-9")
    other = pick(1, 3)
    expects.append(f"expect {call(a, r1, r1, 1, 1, virgin, recycled, recycled, virgin)} - "
                   f"{call(other, r1, r1, 1, 1, virgin, recycled, recycled, virgin)} = 0 within 1e-9")
    expects.append(f"expect {call(a, 1, 0, 1, 1, virgin, recycled, recycled, virgin)} + {call(a, 0, 1, 1, 1, virgin, recycled, recycled, virgin)}"
                   f" = {text(virgin + recycled)} within 1e-9")
run("import std.recycling\nexample \"random\" {\n    " + "\n    ".join(expects) + "\n}\n", "circular footprint")

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
