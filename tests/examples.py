"""What tests in Python share: the examples of the shipped rules, and the command line."""
import os
import re
import subprocess


def explain(arguments, form, lang):
    """What `zuji explain` prints, or None where it fails."""
    command = [os.environ["ZUJI"], "explain", *arguments, "--format", form, "--lang", lang]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return made.stdout.decode("utf-8") if made.returncode == 0 else None


def shipped():
    """Rule, data and factors of each example, by what the rules say."""
    for folder, _, files in sorted(os.walk("rules")):
        for file in sorted(files):
            if file.endswith(".pcr"):
                text = open(os.path.join(folder, file), encoding="utf-8").read()
                told = set()
                for data, rest in re.findall(r'(?:data|数据) "([^"]+\.json)"(.*?)(?:expect|应得|\})', text, re.S):
                    told.add((data, *re.findall(r'(?:factor|因子) "([^"]+)"', rest)))
                for data, *factors in sorted(told):
                    options = [word for each in factors for word in ("--factors", os.path.join(folder, each))]
                    yield [os.path.join(folder, file), os.path.join(folder, data), *options]
