"""Profiles and life cycles of the library: for each profile a rule that meets all that a compiler can judge, and for each of
those demands a slip that it names, in both languages; modules of EN 15804: what is not declared is no zero, and module D
is in no total; the sums that a footprint of PACT is made of.
    profiles.py ZUJI SCRATCH FOLDER"""
import json, os, re, subprocess, sys

zuji, scratch, folder = sys.argv[1:4]
passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", text)


def written(text, name="profile.pcr"):
    path = os.path.join(scratch, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


HEAD = """import std.gases
rule widget "Widget" zh "部件" {
    version "1.0"
    status draft
"""
BODY = """    exclude OUTSIDE because "after the gate" zh "大门之后"
    gwp ar6
    data {
        year : year primary "Year" zh "年份"
        made : kg primary "Made" zh "产量"
        others : kg primary "Made besides" zh "其他产量"
        power : kWh primary "Electricity" zh "用电"
        materials : list of { name : text "Name" zh "名称", mass : kg secondary "Mass" zh "质量" } "Materials" zh "原料"
    }
    reference made
    factor grid : kgCO2e/kWh split fossil "Electricity" zh "电力"
    factor material(name: text) : kgCO2e/kg split fossil, biogenic, land_use_change "Material" zh "原料"
    let loss = 0.02 cite "house standard 3"
    cutoff m in materials by m.mass each 1 %, together 3 %
    require made > 0 kg else "nothing was made" zh "没有产量"
"""
WORK = """        emit power "Electricity" zh "用电" = power * grid * (1 + loss)
        allocate { widgets = made / (made + others), rest_of_it = rest } take widgets because "alike in mass" zh "按质量"
"""
NEED = """emit need "Materials" zh "原料" = sum(m in materials: m.mass * material(m.name))"""


def stage(name, phase, inside=None):
    inside = inside or f'        emit {name}_work "Work" zh "作业" = power * grid\n'
    return f'    stage {name} : {phase} "Stage" zh "阶段" clause "5" {{\n{inside}    }}\n'


def staged(pairs, last=""):
    return "".join(stage(name, phase, inside) for name, phase, inside in pairs) + last + "}\n"


PLANT = [("buying", "raw_material", f"        {NEED}\n"), ("making", "production", WORK)]
UNIT = '    declared 1 kg "of widget" zh "部件"\n'
ISO = HEAD + UNIT + "    boundary cradle_to_gate\n" + BODY + staged(PLANT)
PEF = (HEAD + '    functional 1 kg "carried for a year" zh "承载一年"\n    lifecycle pef\n    boundary cradle_to_gate\n    apart biogenic_removal\n'
       + BODY + staged([PLANT[0], ("making", "manufacturing", WORK + '        remove taken "Uptake" zh "吸收" = others * 1 kgCO2e/kg\n')]))
MODULES = [("supply", "A1_A3", f"        {NEED}\n{WORK}")] + [(name.lower(), name, None) for name in ("C1", "C2", "C3", "C4")]
CREDIT = '        avoid metal "Metal" zh "金属" because "it replaces metal" zh "替代金属" = made * 1 kgCO2e/kg\n'
EN = HEAD + UNIT + "    lifecycle en_15804_a2\n    boundary cradle_to_gate_with_c_and_d\n" + BODY + staged(MODULES + [("beyond", "D", CREDIT)])

ISO, PEF, EN = ISO.replace("OUTSIDE", "distribution"), PEF.replace("OUTSIDE", "distribution"), EN.replace("OUTSIDE", "A4")
RULES = {"iso_14067": ISO, "gb_t_24067_2024": ISO, "pef_2021": PEF, "en_15804_a2": EN, "pact_3": ISO}
ALWAYS = {"exclusions_reasoned": "E0249", "allocations_reasoned": "E0434"} # refused of every rule
PUBLISHED = ("status draft", "status published")
# By word of a demand: what is put in place of what. A profile takes the first that changes its rule.
SLIPS = {
    "unit_stated": [(UNIT, "    declared 1 kg\n")],
    "functional_unit": [("functional 1 kg", "declared 1 kg")],
    "version_stated": [('    version "1.0"\n', "")],
    "status_stated": [("    status draft\n", "")],
    "lifecycle_among": [("    lifecycle pef\n", ""), ("manufacturing", "production")],
    "boundary_stated": [("    boundary cradle_to_gate\n", ""), ("    boundary cradle_to_gate_with_c_and_d\n", "")],
    "boundary_among": [("cradle_to_gate", "cradle_to_grave")],
    "phases_covered": [(stage(*PLANT[0]), ""), (stage("c2", "C2"), "")],
    "phases_declared": [(stage("c2", "C2"), ""), ("boundary cradle_to_gate_with_c_and_d\n", 'boundary cradle_to_gate_with_c_and_d\n    exclude C2 because "no" zh "无"\n')],
    "exclusions_reasoned": [(' because "after the gate" zh "大门之后"', "")],
    "gwp_among": [("gwp ar6", "gwp tar")],
    "cutoff_stated": [("    cutoff m in materials by m.mass each 1 %, together 3 %\n", "")],
    "cutoff_within": [("each 1 %, together 3 %", "each 4 %, together 9 %")],
    "allocations_reasoned": [(' because "alike in mass" zh "按质量"', "")],
    "factors_split": [("kgCO2e/kWh split fossil", "kgCO2e/kWh")],
    "removals_apart": [("    apart biogenic_removal\n", "")],
    "credits_beyond": [('        allocate', CREDIT + '        allocate')],
    "origins_stated": [("power : kWh primary", "power : kWh")],
    "primary_data": [(" primary ", " secondary ")],
    "period_stated": [('        year : year primary "Year" zh "年份"\n', "")],
    "constants_cited": [(' cite "house standard 3"', "")],
    "sources_final": [PUBLISHED, ('cite "house', 'cite "draft: house')],
    "checks_given": [('    require made > 0 kg else "nothing was made" zh "没有产量"\n', "")],
    "clauses_given": [(' clause "5"', "")],
}
ALL_OF = ("lifecycle_among", "sources_final", "phases_declared")


def slipped(word, rule):
    if word == "lifecycle_among" and rule == EN:
        return ISO
    at_once = word in ALL_OF
    for before, after in SLIPS[word]:
        changed = rule.replace(before, after)
        if changed != rule and not at_once:
            return changed
        rule = changed
    return rule


def demands(text):
    """(profile, must or should, word, texts) of stdlib/profiles.pcr."""
    for block in re.finditer(r"^profile (\w+) .*?^}", text, re.M | re.S):
        for found in re.finditer(r'^\s*demand (must|should) (\w+).*? "(.+?)" zh "(.+?)"', block[0], re.M):
            yield (block[1], *found.groups())


def checklist(rule, profile, language):
    path = written(rule)
    done = subprocess.run([zuji, "check", "--profile", profile, "--checklist", "--lang", language, path], capture_output=True, text=True)
    return dict((line[6:], line[3]) for line in done.stdout.split("\n") if re.match(r"  \[.\] ", line)), done


with open(os.path.join(folder, "profiles.pcr"), encoding="utf-8") as file:
    found = list(demands(file.read()))
check({profile for profile, *_ in found} == set(RULES), "every profile has a rule here")
clean = {profile: checklist(rule, profile, "en") for profile, rule in RULES.items()}
for profile, degree, word, english, chinese in found:
    marks, done = clean[profile]
    mark = marks.get(f"{degree} {english}") or next((m for line, m in marks.items() if line.startswith(f"{degree} {english}")), None)
    if word == "by_hand":
        check(mark == "?", f"{profile}: {english}: [{mark}]")
        continue
    expected = "-" if word == "sources_final" else "x" # it concerns what is published
    check(mark == expected, f"{profile}: {english}: [{mark}] {done.stderr[:600]}")
    if word == "in_result":
        continue
    rule = slipped(word, RULES[profile])
    for language, text, must in (("en", english, degree), ("zh", chinese, {"must": "应", "should": "宜"}[degree])):
        after, done = checklist(rule, profile, language)
        mark = next((m for line, m in after.items() if line.startswith(f"{must} {text}")), None)
        if word in ALWAYS:
            check(f"[{ALWAYS[word]}]" in done.stderr, f"{profile}: {word} in {language}: {done.stderr[:700]}")
            continue
        said = re.sub(r"\s+", "", done.stderr)
        check(mark == " " and re.sub(r"\s+", "", text) in said, f"{profile}: {word} in {language}: [{mark}] {done.stdout[:200]} {done.stderr[:700]}")

# ---- results ----


def result_of(rule, data):
    path, file = written(rule, "declared.pcr"), os.path.join(scratch, "declared.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump([data], out)
    factors = os.path.join(scratch, "declared.csv")
    with open(factors, "w", encoding="utf-8") as out:
        out.write("factor,name,value,unit,fossil,biogenic,land_use_change,source\n"
                  "grid,,0.5,kgCO2e/kWh,0.5,,,made up\nmaterial,ore,3,kgCO2e/kg,2,0.75,0.25,made up\n")
    done = subprocess.run([zuji, "run", "--format", "json", "--lang", "en", "--factors", factors, path, file], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["products"][0], done.stderr
    except (ValueError, LookupError):
        return {}, done.stderr


quantity = lambda value, unit: {"value": value, "unit": unit}
DATA = {"id": "a", "year": 2024, "made": quantity(100, "kg"), "others": quantity(300, "kg"), "power": quantity(1000, "kWh"),
        "materials": [{"name": "ore", "mass": quantity(200, "kg")}]}
result, said = result_of(EN, DATA)
phases = {phase["name"]: phase for phase in result.get("phases", [])}
inside = [name for name in phases if name in ("A1_A3", "C1", "C2", "C3", "C4")]
check(len(inside) == 5 and all(phases[name]["state"] == "declared" for name in inside), f"modules inside the boundary: {said}")
check(phases.get("D", {}).get("value") == -1 and phases["D"].get("apart") is True, f"module D is apart: {phases.get('D')}")
check(abs(result["total"]["value"] - sum(phases[name]["value"] for name in inside)) < 1e-12, "module D is in no total")
check(phases.get("A4", {}).get("value") is None and phases["A4"]["state"] == "excluded", f"what is excluded is no zero: {phases.get('A4')}")
check(not {"A5", "B1", "B4", "B6"} & set(phases), "what lies outside the boundary has no figure")
OPTIONS = EN.replace("cradle_to_gate_with_c_and_d", "cradle_to_gate_with_options").replace("    exclude A4 ", '    zero A5, B1 because "nothing is installed" zh "无安装"\n    exclude A4, B2, B3, B4, B5, B6, B7 ')
result, said = result_of(OPTIONS, DATA)
options = {phase["name"]: phase for phase in result.get("phases", [])}
check(len(options) == 15, f"all modules: {sorted(options)} {said}")
check(all(options.get(name, {}).get("value") == 0 and options[name]["state"] == "zero" for name in ("A5", "B1")), "zero is zero")
check(all(options.get(name, {"value": 0})["value"] is None for name in ("A4", "B2", "B4", "B7")), "what is not declared is no zero")
marks, _ = checklist(OPTIONS.replace(", B7", ""), "en_15804_a2", "en")
check(next(mark for line, mark in marks.items() if "not declared is named" in line) == " ", "a module that is not spoken of")

# PACT: excluding uptake = fossil + aircraft + land use change + biogenic (methane, nitrous oxide); including it less 44/12 of
# the carbon that the product holds.
PACT = ISO.replace("conforms XX", "").replace("year : year", 'carbon : kg{C} primary "Carbon held" zh "所含碳"\n        methane : kg{CH4} primary "Methane" zh "甲烷"\n        year : year').replace(
    f"        {NEED}\n", f"""        {NEED}
        emit flown as aircraft "Flown" zh "空运" = power * grid * 0.008
        emit rotting "Rotting" zh "腐烂" = methane * gwp(CH4_biogenic)
        remove uptake "Uptake" zh "吸收" = carbon_dioxide(carbon) * gwp(CO2)
""")
for carbon in (0, 0.44, 5.28, 0.1):
    result, said = result_of(PACT, {**DATA, "carbon": quantity(carbon * 100, "kg{C}"), "methane": quantity(2, "kg{CH4}")})
    parts = {name: part["value"] for name, part in result.get("categories", {}).items()}
    sums = {name: part["value"] for name, part in result.get("sums", {}).items()}
    kept = ("fossil", "aircraft", "land_use_change", "biogenic")
    check(set(parts) == {*kept, "biogenic_removal"}, f"buckets of PACT: {sorted(parts)} {said}")
    excluding = sum(parts.get(name, 0) for name in kept)
    check(abs(parts.get("biogenic_removal", 1) + carbon * 44 / 12) < 1e-12, f"uptake of {carbon}: {parts.get('biogenic_removal')}")
    check(abs(sums.get("without_biogenic_removals", -9) - excluding) < 1e-12, f"excluding uptake: {sums}")
    check(abs(sums.get("with_biogenic_removals", -9) - (excluding - carbon * 44 / 12)) < 1e-12, f"including uptake: {sums}")

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
