#!/usr/bin/env python3
"""The shipped rules: each compiles without warnings and lints, in English and with Chinese keywords, and has one semantic hash in both;
no `must` of the profiles to which it conforms is unmet; it has a title and names in both languages, and two examples unless it is a base
that others extend. `zuji test rules` computes the examples.
    rules.py ZUJI FOLDER SCRATCH"""
import json, os, re, shutil, subprocess, sys

zuji, folder, scratch = sys.argv[1:4]
passed = failed = 0
HAN = re.compile("[\u4e00-\u9fff]")


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAILED", text)


def run(*arguments):
    return subprocess.run([zuji, *arguments, "--lang", "en"], capture_output=True, text=True)


def sources(where):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(where) for name in names if name.endswith(".pcr"))


def checked(path):
    """Nothing is said of it and nothing demanded is missing; the profiles to which it conforms."""
    done = run("check", path, "--checklist", "--format", "json")
    said = json.loads(done.stdout or "{}")
    messages = [each["message"]["en"] for each in said.get("messages", [])]
    check(done.returncode == 0 and not messages, f"{path}: {messages}{done.stderr}")
    for checklist in said.get("checklists", []):
        unmet = [each["word"] for each in checklist["demands"] if each["strength"] == "must" and each["verdict"] == "unmet"]
        check(checklist["demands"] and not unmet, f"{path}: {checklist['profile']}: unmet {unmet}")
    return [each["profile"] for each in said.get("checklists", [])]


def compiled(path):
    """The semantic hash, or None for a base, which says itself what it leaves open."""
    done = run("inspect", path)
    if done.returncode != 0:
        check("error[E0458]" in done.stderr, f"{path}: {done.stderr}")
        return None
    return re.search(r"^  hash ([0-9a-f]{64})$", done.stdout, re.M).group(1)


english, chinese = (os.path.join(scratch, name) for name in ("rules_en", "rules_zh"))
for tree, keywords in ((english, "en"), (chinese, "zh")):
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree)
    done = run("fmt", "--keywords", keywords, tree)
    check(done.returncode == 0, f"fmt --keywords {keywords}: {done.stderr}")

bases = {}
for path in sources(english):
    twin = chinese + path[len(english):]
    text, other = (open(each, encoding="utf-8").read() for each in (path, twin))
    shown = path[len(english) + 1:]
    if not (rule := re.search(r'^rule (\S+)(?: extends \S+)? (.*) \{$', text, re.M)):
        continue
    check(re.search(r'^规则 .*"', other, re.M), f"{shown}: no rule in Chinese")
    check(HAN.search(rule.group(2)) and re.search("[A-Za-z]", rule.group(2)), f"{shown}: no title in both languages")
    check(re.search(r"^    names \{", text, re.M) and re.search(r"^    译名 \{", other, re.M), f"{shown}: no names in Chinese")
    profiles = checked(path)
    check(checked(twin) == profiles, f"{shown}: other profiles in Chinese")
    first, second = compiled(path), compiled(twin)
    check(first == second, f"{shown}: the hash is {first}, in Chinese {second}")
    examples = len(re.findall(r'^    example "', text, re.M))
    if first is None:
        bases[rule.group(1)] = 0
    else:
        check(examples >= 2, f"{shown}: {examples} examples")
# A base is there for the rules that extend it.
for path in sources(english):
    for extended in re.findall(r"^rule \S+ extends (\S+)", open(path, encoding="utf-8").read(), re.M):
        if extended in bases:
            bases[extended] += 1
for name, users in bases.items():
    check(users > 0, f"{name} is a base that nothing extends")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
