#!/usr/bin/env python3
"""The table of rules in README.md, from the rules themselves.
    rules_table.py ZUJI FOLDER                 prints the table
    rules_table.py ZUJI FOLDER README          prints the README with the table made anew, between `<!-- table: rules -->` and `<!-- end -->`
A rule's row is counted in the compiled rule, with what it extends; a base cannot be compiled, and its row says what its own file adds."""
import os, re, subprocess, sys

zuji, folder, readme = (sys.argv + [None])[1:4]
START, END = "<!-- table: rules -->\n", "<!-- end -->"
RULE = re.compile(r'^rule \w+(?: extends \w+)? "([^"]*)" zh "([^"]*)"', re.M)
CITE = re.compile(r'\bcite "((?:[^"\\]|\\.)*)"')


def section(text, name):
    found = re.search(rf"^{name}\n(.*?)(?=^\S|\Z)", text, re.M | re.S)
    return found.group(1).split("\n") if found else []


def own_parts(source):
    """Stages, flows and fields that a file itself declares or adds to."""
    data = "".join(re.findall(r"^    data \{\n(.*?)^    \}", source, re.M | re.S))
    return (len(re.findall(r"^ +stage \w+", source, re.M)), len(re.findall(r"(?:^|\{) *(?:emit|remove|avoid) \w+", source, re.M)),
            len(re.findall(r"^ +\w+ *: (?!list\b)", data, re.M)))


def at_depth(lines, depth):
    return sum(bool(re.match(" " * depth + r"\S", line)) for line in lines)


def declared(text, word):
    found = re.search(rf'^ +(?:{word}) +([^"\n]+?) *(?:"|$)', text, re.M)
    return found.group(1) if found else ""


def compiled(path):
    """What the compiled rule holds, or None for a base, which is for others to extend."""
    run = subprocess.run([zuji, "inspect", path, "--lang", "en"], capture_output=True, text=True)
    if run.returncode != 0:
        if "error[E0458]" not in run.stderr:
            sys.exit(run.stderr)
        return None
    text = run.stdout
    stages, data = section(text, "stages"), section(text, "data")
    fields = sum(bool(re.match(r"  \S+ : (?!list\b)", line)) for line in data)
    return text, (at_depth(stages, 2), at_depth(stages, 4), fields)


def row(path):
    """(whether it is a base, its cells), or None for a module."""
    source = open(path, encoding="utf-8").read()
    found = RULE.search(source)
    if not found:
        return None
    english, chinese = found.groups()
    made = compiled(path)
    text, parts = made or (source, own_parts(source))
    cites = set(CITE.findall(text))
    twin = path[:-4] + ".zh.pcr"
    title = f"[{english}]({path})" + (f" ([in Chinese]({twin}))" if os.path.exists(twin) else "")
    said = [declared(text, "declared|functional"), declared(text, "boundary")]
    examples = [] if made is None else [len(re.findall(r'^    example "', source, re.M))]
    numbers = [*parts, source.count("\n"), *examples, len(cites), sum(each.startswith("draft") for each in cites)]
    return made is None, [title, chinese, *(f"`{each}`" if each else "" for each in said), *map(str, numbers)]


def table(rows, heads):
    text = 4 # the first columns; the others are numbers
    lines = [heads, ["---"] * text + ["--:"] * (len(heads) - text), *rows]
    return "".join("| " + " | ".join(each) + " |\n" for each in lines)


paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names
               if name.endswith(".pcr") and not name.endswith(".zh.pcr"))
rows = [each for each in map(row, paths) if each]
rules, bases = [cells for base, cells in rows if not base], [cells for base, cells in rows if base]
heads = ["rule", "规则", "unit", "boundary", "stages", "flows", "inputs", "lines", "examples", "sources", "draft"]
made = f"""{len(rules)} rules. Inputs are the fields that a company reports, those of a list once; lines are those of the rule's own file, without
what it extends or imports; sources are the different texts of `cite`, and those marked `draft` were not read in the document itself: what
they say is to be checked before it is used.

共 {len(rules)} 项规则。inputs 为填报字段数，lines 为该文件自身的行数；draft 为未见原文的出处数，使用前须核对。

{table(rules, heads)}
{len(bases)} bases, which others extend and which cannot be run by themselves, with what their own files hold:

{len(bases)} 项基础规则，供扩展，不能单独运行；所列为其自身文件的内容。

{table(bases, ["base", "基础规则"] + heads[2:8] + heads[9:])}"""
if readme:
    text = open(readme, encoding="utf-8").read()
    before = text.index(START) + len(START)
    made = text[:before] + made + text[text.index(END, before):]
sys.stdout.write(made)
