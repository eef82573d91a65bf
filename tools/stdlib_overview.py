#!/usr/bin/env python3
"""docs/stdlib.md: what the modules of the standard library offer, from the modules themselves: functions, tables, factors, row
types and external functions with their units, titles, sources and an example each, in both languages.
    stdlib_overview.py FOLDER          prints it"""
import os, re, sys

folder = sys.argv[1]
HAN = re.compile("[\u4e00-\u9fff]")
SHOWN = re.compile(r"^(function|external function|table|factor|row) (\w+)", re.M)
PRELUDE = ("lifecycles", "profiles")
ORDER = "gases units electricity fuels transport allocation recycling agriculture industry waste quality rounding geo steam".split()


def statement(text, start):
    end = re.compile(r"^(?=[^\s}])", re.M).search(text, start + 1)
    return text[start:end.start() if end else len(text)]


def docs_above(text, start):
    lines, found = text[:start].split("\n")[:-1], []
    while lines and lines[-1].startswith("///"):
        found.append(lines.pop()[3:].strip())
    found.reverse()
    return " ".join(line for line in found if not HAN.search(line)), "".join(line for line in found if HAN.search(line))


def brackets(text, start):
    """The text from the bracket there to the one that closes it."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "({") - (text[at] in ")}")
        if depth == 0:
            return text[start:at + 1]
    return text[start:]


def signature(kind, name, body):
    first = body.index(name) + len(name)
    params = brackets(body, first) if body[first:first + 1] == "(" else ""
    result = ""
    after = re.match(r"\s*(->|:)\s*", body[first + len(params):])
    if after:
        at = first + len(params) + after.end()
        result = brackets(body, at) if body[at] == "{" else re.match(r"\S+", body[at:]).group(0)
        result = (" -> " if after.group(1) == "->" else ": ") + result
    return re.sub(r"\s+", " ", name + params + result)


def fields(body):
    """The fields of a row type, with the types that they have."""
    inner = body[body.index("{") + 1:body.rindex("}")]
    return ", ".join(f"{name}: {kind}" for name, kind in re.findall(r"^\s+(\w+)\s*: (list of \w+|\S+)", inner, re.M))


def cell(text):
    return text.replace("|", "\\|")


print("""# The standard library

What each module offers, made from the modules themselves (`make docs`). `import std.NAME` makes it visible; a row's example is one of those
that `zuji test stdlib` runs. A source that begins with `draft` was not read in the document itself. `std.lifecycles` and `std.profiles` need no
import (SPEC 6.19, 6.20).

标准库各模块提供的内容，由模块自身生成。用 `引入 std.名称` 引入；例子均由 `zuji test stdlib` 运行。出处以 `draft` 开头者未见原文。
""")
others = sorted(name[:-4] for name in os.listdir(folder) if name.endswith(".pcr") and name[:-4] not in ORDER and name[:-4] not in PRELUDE)
for module in ORDER + others:
    text = open(os.path.join(folder, module + ".pcr"), encoding="utf-8").read()
    examples = re.sub(r"\s+", " ", " ".join(statement(text, found.start()) for found in re.finditer(r"^example ", text, re.M))).strip()
    expects = re.findall(r"expect (.*?)(?= expect |\s*\}(?: example|$)|, gwp| gwp )", examples)
    print(f"## std.{module}\n")
    if module == "units":
        print("| unit | 中文 | is | source |\n| --- | --- | --- | --- |")
        for name, rest in re.findall(r"^unit (\w+)(.*(?:\n .*)*)", text, re.M):
            chinese = re.search(r'zh "([^"]*)"', rest)
            value = re.search(r"= (\S+ \S+)", rest)
            source = re.search(r'cite "([^"]*)"', rest)
            print(f"| `{name}` | {chinese.group(1)} | {'`' + value.group(1) + '`' if value else 'base'} | {source.group(1) if source else ''} |")
        print()
        continue
    chinese_of = dict(pair for block in re.findall(r"^names \{(.*?)^\}", text, re.M | re.S) for pair in re.findall(r"(\w+) ([^\s,{}]+)", block))
    for found in re.finditer(r"^choice (\w+)[^{]*\{(.*?)\}", text, re.M | re.S):
        members = re.findall(r"(?:^|[,\n])\s*(\w+)", re.sub(r'"[^"]*"', "", found[2]).replace(" zh ", " "))
        said = ", ".join(f"`{member}`" + (f" {chinese_of[member]}" if member in chinese_of else "") for member in members)
        print(f"- choice `{found[1]}`{' ' + chinese_of[found[1]] if found[1] in chinese_of else ''}: {said}")
    print()
    print("| what | title | 标题 | source | example |\n| --- | --- | --- | --- | --- |")
    for found in SHOWN.finditer(text):
        kind, name = found.groups()
        body = statement(text, found.start())
        english, chinese = docs_above(text, found.start())
        title = re.search(r'"([^"]*)"\s+zh "([^"]*)"', body)
        source = re.search(r'cite "([^"]*)"', body)
        example = next((each for each in expects if re.match(rf"{name}\(", each) and len(each) < 140), None)
        example = example or next((each for each in expects if re.search(rf"(?<!\w){name}\(", each)), "")
        titles = (title.group(1), title.group(2)) if title else (english.split(":")[0], chinese.split("：")[0])
        what = f"{name} {{{fields(body)}}}" if kind == "row" else signature(kind, name, body)
        print(f"| {'external ' if kind.startswith('ext') else kind + ' ' if kind in ('factor', 'row') else ''}`{cell(what)}` | {cell(titles[0])} | {titles[1]} | "
              f"{cell(source.group(1)) if source else ''} | {'`' + cell(example.strip()) + '`' if example else ''} |")
    print()
