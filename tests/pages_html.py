#!/usr/bin/python3
"""pages_html.py FOLDER: what `zuji explain --format html` prints of the examples of all shipped rules, and of a rule
made here (one flow, 200 flows, hostile names, credits), in both languages: well-formed, whole without a network, every
node of the JSON once, every link leads somewhere, drawings within their frames, labels of a column apart; values in
units that people use."""
import json
import os
import re
import sys
import xml.etree.ElementTree as tree

from examples import explain, shipped

HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
failures, count = 0, 0


def expect(holds, page, what):
    global failures, count
    count += 1
    if not holds:
        failures += 1
        print(f"{page}: {what}")


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]


def check_drawing(name, svg):
    """Points lie in the frame; texts that begin (or end) at the same place do not overlap."""
    left, top, width, height = numbers(svg.get("viewBox"))
    columns = {}
    for at in svg.iter():
        if at.tag == SVG + "rect":
            x, y, w, h = (float(at.get(key)) for key in ("x", "y", "width", "height"))
            inside = x >= left and y >= top and x + w <= left + width and y + h <= top + height
            expect(inside and w > 0 and h > 0, name, f"a box at {x} {y} {w} {h}")
        if at.tag == SVG + "text" and "middle" not in (at.get("class") or ""):
            is_end = "end" in (at.get("class") or "").split()
            for span in at.findall(SVG + "tspan") or [at]:
                size = 6.5 * sum(1 + (ord(c) >= 0x2E80) for c in span.text) * (-1 if is_end else 1)
                inside = left <= float(span.get("x")) + size <= left + width
                expect(inside, name, f"'{span.text}' leaves the frame")
        if at.tag == SVG + "text" and at.find(SVG + "tspan") is not None:
            spans = at.findall(SVG + "tspan")
            key = (spans[0].get("x"), "end" in (at.get("class") or "").split())
            columns.setdefault(key, []).append((float(at.get("y")), len(spans)))
            expect(all((span.text or "").strip() for span in spans), name, "an empty line of a label")
    for column in columns.values():
        column.sort()
        for (y, lines), (below, _) in zip(column, column[1:]):
            expect(below - y >= 15 * lines - 1, name, f"labels at {y} and {below}")


DECLARED = {"datum", "factor", "cell", "constant", "total", "stage", "flow"}


def odd_units(nodes):
    """Computed values in units that nobody would write: leftovers of scales (m2·gCO2e/ha), products of many units."""
    declared = {node.get("unit") for node in nodes if node["kind"] in DECLARED or node.get("item") == "reference"}
    for node in nodes:
        unit = node.get("unit", "1")
        over = re.sub("{[^}]*}", "", unit).split("/")[0].split("·")
        is_short = len(over) == 1 and unit not in ("gCO2e", "mgCO2e", "kJ", "Wh")
        if unit not in declared and not is_short:
            yield f"{node.get('name')} is {node['text']}"
        if node["kind"] not in DECLARED and unit == "%" and "×" in node.get("figures", "").split(" "):
            yield f"{node.get('name')} is {node['text']}"


def check_page(name, arguments, lang):
    page = explain(arguments, "html", lang)
    told = explain(arguments, "json", lang)
    expect(page is not None and told is not None, name, "is not explained")
    if page is None or told is None:
        return
    try:
        root = tree.fromstring(page)
    except tree.ParseError as error:
        expect(False, name, f"is not well-formed: {error}")
        return
    nodes = json.loads(told)["nodes"]
    for odd in odd_units(nodes):
        expect(False, name, odd)
    ids = [at.get("id") for at in root.iter() if re.fullmatch(r"n\d+", at.get("id") or "")]
    expect(sorted(ids) == sorted(f"n{node['number']}" for node in nodes), name, "the nodes are not those of the JSON")
    links = [at.get("href") for at in root.iter(HTML + "a")]
    expect(all(link[1:] in ids and link[0] == "#" for link in links), name, "a link leads nowhere")
    expect(not list(root.iter(HTML + "script")), name, "has a script")
    # names of namespaces are not fetched
    bare = re.sub(r'xmlns="[^"]*"', "", page)
    fetched = re.search(r'(src|srcset|href)="[^#]|@import|url\((?!#)', bare)
    expect(fetched is None, name, "needs another file")
    expect(root.get("lang") == {"en": "en", "zh": "zh-CN"}[lang], name, "is not in the language")
    text = "".join(root.itertext())
    for node in nodes:
        is_condition = node["kind"] == "condition" or node.get("item") == "when"
        value = "" if is_condition else node.get("text", "")
        expect(value in text, name, f"does not show {value}")
        expect(node.get("figures", "") in text, name, f"does not show {node.get('figures')}")
    for svg in root.iter(SVG + "svg"):
        if svg.get("viewBox"):
            check_drawing(name, svg)
    if nodes[0]["kind"] == "total" and nodes[0].get("value"):
        expect(any(svg.get("viewBox") for svg in root.iter(SVG + "svg")), name, "has no drawing")


def make_rule(folder, flows, scale=1):
    hostile = '<b>&amp;\\" \' ]]> --'
    lines = [f'rule many "Many {hostile}" zh "产品碳足迹{hostile}" {{', '    declared 1 t', "    boundary gate_to_gate",
             "    data {", "        output : t"]
    lines += [f"        x{i} : kWh" for i in range(flows)] + ["    }", "    reference output"]
    part = max(1, flows // 4)
    for s in range(0, flows, part):
        title = f"A stage with a long name, number {s}, and {hostile}"
        lines += [f'    stage s{s} : production "{title}" zh "第{s}号工序包括预处理加工表面处理与包装等全部环节" {{']
        for i in range(s, min(flows, s + part)):
            kind = "avoid" if i % 5 == 4 else "emit"
            because = ' because "it replaces other power"' if kind == "avoid" else ""
            lines += [f'        {kind} e{i} "Electricity of the unit {i}" zh "第{i}号单元依据长期合同从电网外购的生产用电"'
                      f" = x{i} * 0.5 kgCO2e/kWh{because}"]
        lines += ["    }"]
    rule, data = os.path.join(folder, f"many{flows}.pcr"), os.path.join(folder, f"many{flows}.json")
    open(rule, "w", encoding="utf-8").write("\n".join(lines + ["}"]) + "\n")
    product = {"id": "<i>&\u202e\u0001 'p'", "output": 1000}
    product.update({f"x{i}": (i * 7919 % 101) ** 2 * 100 * scale for i in range(flows)})
    json.dump([product], open(data, "w", encoding="utf-8"))
    return [rule, data]


for lang in ("en", "zh"):
    examples = list(shipped())
    expect(len(examples) >= 8, "rules", "fewer examples than there are")
    for example in examples:
        check_page(f"{example[0]} {lang}", example, lang)
    for flows in (1, 5, 200):
        check_page(f"{flows} flows {lang}", make_rule(sys.argv[1], flows), lang)
        check_page(f"stage of {flows} flows {lang}", [*make_rule(sys.argv[1], flows), "s0"], lang)
        check_page(f"flow of {flows} {lang}", [*make_rule(sys.argv[1], flows), "s0.e0", "--all"], lang)
    check_page(f"tiny {lang}", make_rule(sys.argv[1], 8, 1e-15), lang)
print(f"{count - failures} passed, {failures} failed")
sys.exit(failures > 0)
