#!/usr/bin/python3
"""ties.py make: data for ties.pcr, a product a line, that sit on ties of rounding, limits of classes and steps of tables.
ties.py check FILE: are the results (NDJSON with stages) what fractions give? Knows nothing of how zuji computes."""
import json
import random
import sys
from decimal import Decimal, getcontext
from fractions import Fraction as F
from math import floor

getcontext().prec = 30
SEED = 1

# ---- data ----


def text(value, exponent=0):
    """A whole number times ten to the exponent, as it is written by people."""
    sign, digits = ("-", str(-value)) if value < 0 else ("", str(value))
    if exponent >= 0:
        return sign + digits + "0" * exponent
    digits = digits.rjust(1 - exponent, "0")
    return sign + digits[:exponent] + "." + digits[exponent:]


def decimal(rng, most, places):
    return text(rng.randrange(most * 10 ** places), -places)


def written(value):
    """A fraction that is a decimal."""
    places = 0
    while value.denominator != 1:
        value *= 10
        places += 1
    return text(value.numerator, -places)


def near(rng, value):
    """The number itself, or one next to it: of a class, step or sum."""
    off = rng.choice([0, 0, 0, 0, 0, 1, -1])
    return max(F(0), value + off * abs(value) * F(1, 10 ** rng.choice([3, 12, 13, 14, 15, 15, 16, 20])))


def tie(rng):
    """Two factors whose product ends in 5 behind two places, or behind two significant figures."""
    while True:
        x, y = decimal(rng, 40, 2), decimal(rng, 3, rng.choice([1, 2]))
        if F(x) * F(y) * 1000 % 10 == 5:
            return x, y


def partition(rng):
    """Percentages that add up to 100; one in four times nearly."""
    places = rng.choice([0, 1, 2, 2, 3])
    left = 100 * 10 ** places
    parts = []
    for _ in range(rng.randrange(1, 7)):
        part = rng.randrange(left + 1)
        parts.append(text(part, -places))
        left -= part
    last = F(left, 10 ** places)
    return parts + [written(last if rng.randrange(4) else near(rng, last))]


def rows(rng):
    """Rows of which several have the same product, written otherwise."""
    value = F(rng.randrange(1, 400), rng.choice([1, 10, 100]))
    made = []
    for code in range(rng.randrange(5)):
        factor = F(rng.choice([1, 2, 4, 5, 8, 10, 25]))
        other = value / factor if rng.randrange(3) else F(rng.randrange(1, 40), 10)
        made.append({"a": written(factor / 10), "b": written(other), "code": str(code + 1)})
    return made


def division(rng, x, y):
    """Into how many parts, often none, and a limit that is a part or next to it."""
    parts = F(rng.choice(["0", "0", "1", "2", "4", "2.5"]))
    return parts, near(rng, x / parts if parts else x * y)


def next_to_a_power(rng):
    """Nearer than a double can be, or not quite; its twelfth power has an error of many roundings."""
    power = F(10) ** rng.randrange(-2, 3)
    return max(near(rng, power), power * (1 - F(rng.choice([0, 0, 3, 5, 7]), 10 ** 17)))


def record(rng, number):
    shift = rng.choice([0, 0, 0, 0, -6, -3, 3, 6])
    if number <= 1000:
        x, y = text(number, -3), "1"
    elif number == 1001:
        x, y = "1.5", "0.29"
    elif number == 1002:
        x, y = "0.1", "0.2"
    elif rng.randrange(2):
        x, y = tie(rng)
    elif rng.randrange(2):
        x, y = rng.choice(["0.3", "0.435", "1", "0.15", "0.87"]), rng.choice(["1", "0.5", "2"])
    else:
        x, y = decimal(rng, 20, rng.randrange(7)), decimal(rng, 5, rng.randrange(7))
    if shift and number > 1002 and rng.randrange(4) == 0:
        x = written(F(x) * F(10) ** shift)
    z = near(rng, F(x) + F(y)) if rng.randrange(2) else F(rng.randrange(-3000, 3000), 1000)
    z = F(3, 10) if number == 1002 else z
    total = F(x) * F(y) + max(z, 0)
    limit = near(rng, total) if rng.randrange(3) == 0 else F(rng.randrange(100))
    tenths = rng.randrange(1, 41)
    more = random.Random(number)
    parts, most = division(more, F(x), F(y))
    return {"id": '"%d"' % number, "parts": written(parts), "most": written(most), "tenth": written(next_to_a_power(more)), "made": rng.choice(["1", "7", "3.6", "1000", "0.27"]), "x": x, "y": y,
            "z": written(z), "limit": written(limit), "ratio": rng.choice(["false", "false", "false", "true"]),
            "shares": [{"part": part} for part in partition(rng)],
            "tenths": [{"v": "0.1"}] * (tenths - 1) + [{"v": written(near(rng, F(1, 10)))}], "rows": rows(rng)}


def json_of(value):
    if isinstance(value, dict):
        return "{" + ", ".join('"%s": %s' % (key, json_of(item)) for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_of(item) for item in value) + "]"
    return value


def records():
    rng = random.Random(SEED)
    return [record(rng, number) for number in range(3000)]


# ---- what it gives ----


def rounded(value, step, mode="half_even"):
    units = value / step
    low = floor(units)
    rest = units - low
    up = {"half_even": rest > F(1, 2) or (rest == F(1, 2) and low % 2 == 1), "half_up": rest >= F(1, 2),
          "half_down": rest > F(1, 2), "half_away": rest > F(1, 2) or (rest == F(1, 2) and value > 0),
          "down": False, "up": rest > 0, "truncate": rest > 0 and value < 0, "away": rest > 0 and value > 0}[mode]
    return (low + up) * step


def fixed(value, places):
    """A multiple of 10^-places as it is printed."""
    return text(int(value * 10 ** max(places, 0)), -max(places, 0)) if value else text(0, -max(places, 0))


def significant(value, digits):
    if value == 0:
        return "0"
    places = digits - 1
    while abs(value) >= F(10) ** (digits - places):
        places -= 1
    while abs(value) < F(10) ** (digits - 1 - places):
        places += 1
    figure = rounded(value, F(10) ** -places)
    if abs(figure) >= F(10) ** (digits - places):
        places -= 1
    return fixed(figure, places)


def best(items, is_last):
    if not items:
        return 0
    values = [F(item["a"]) * F(item["b"]) for item in items]
    found = [i for i, value in enumerate(values) if value == max(values)]
    return int(items[found[-1 if is_last else 0]]["code"])


def expected(data):
    """By report; those that are rounded by the formula are told with six figures."""
    x, y, z = F(data["x"]), F(data["y"]), F(data["z"])
    product, cent = x * y, F(1, 100)
    has_ratio = data["ratio"] == "true"
    quotient = x / y if has_ratio and y > 0 else F(0)
    shared = sum(F(share["part"]) for share in data["shares"])
    tenths = [F(tenth["v"]) for tenth in data["tenths"]]
    exact = {
        "even": rounded(product, cent), "half_up": rounded(product - z, cent, "half_up"),
        "half_down": rounded(product - z, cent, "half_down"), "half_away": rounded(z - product, cent, "half_away"),
        "down": rounded(product - z, cent, "down"), "up": rounded(product - z, cent, "up"),
        "truncate": rounded(z - product, cent, "truncate"), "away": rounded(z - product, cent, "away"),
        "fives": rounded(product, F(1, 20)), "more": F(x + y > z), "reached": F(x + y >= z), "restored": F(1),
        "split": F(1), "complete": F(0 if shared < 100 else 1 if shared == 100 else 2),
        "tenths_whole": F(sum(tenths) == F(len(tenths), 10)),
        "band_of": F(1 if product <= F(3, 10) else 2 if product < F(435, 1000) else 3 if product <= 1 else 4),
        "first_best": F(best(data["rows"], False)), "last_best": F(best(data["rows"], True))}
    parts, most = F(data["parts"]), F(data["most"])
    exact["part_fits"] = F((x / parts if parts else product) <= most)
    exact["parts_fit"] = F((len(data["rows"]) * x / parts if parts else 0) < most)
    if has_ratio and y == 0:
        exact["restored"] = F(x == 0)
    reals = {"square_root": real(product).sqrt(), "grown": real(z / 10 ** 9).exp() * real(1 + product).ln(),
             "raised": (real(1 + product).ln() * Decimal("0.75")).exp()}
    told = {name: significant(value, 6) for name, value in exact.items()}
    told.update({name: significant(F(value), 6) for name, value in reals.items()})
    told.update({"printed": fixed(rounded(product, cent), 2), "three_figures": significant(product, 3),
                 "average": fixed(rounded(quotient, F(1, 1000), "up"), 3),
                 "halves": fixed(rounded(5 * product, F(1, 20)), 2), "fifths": fixed(rounded(2 * product, F(1, 50)), 2),
                 "tens": fixed(rounded(1000 * (z - product), F(10), "half_down"), 0),
                 "passed_on": fixed(rounded(z - product, cent), 2), "just_so": significant(product, 5),
                 "power": significant(F(data["tenth"]) ** 12, 15)})
    values = dict(exact, **{name: F(value) for name, value in reals.items()})
    values.update({"printed": product, "three_figures": product, "average": quotient, "halves": 5 * product,
                   "fifths": 2 * product, "tens": 1000 * (z - product), "passed_on": z - product, "just_so": product,
                   "power": F(data["tenth"]) ** 12})
    total = product + max(z, 0)
    grade = "A" if total <= F(data["limit"]) else "B" if total < 2000 else "C"
    return told, values, total, grade


MARKED = ["average", "tens", "passed_on", "just_so", "power"]


def mark(value, reported):
    """Of a figure that is passed on: is what it is of larger or smaller, whatever its sign?"""
    size, told = abs(value), abs(F(reported))
    return "+" if size > told else "-" if size < told else "="


def real(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def is_near(value, wanted):
    return abs(F(value) - wanted) <= abs(wanted) / 10 ** 12


def problems(data, result):
    told, values, total, grade = expected(data)
    if result["status"] != "ok":
        return ["is in error"]
    reports = result["reports"]
    found = ["%s is %s, not %s" % (name, reports[name]["reported"], told[name]) for name in told
             if reports[name]["reported"] != told[name]]
    found += ["the value of %s is %s, not %s" % (name, reports[name]["value"], float(values[name])) for name in values
              if not is_near(reports[name]["value"], values[name])]
    found += ["%s is marked %s" % (name, reports[name]) for name in reports
              if reports[name].get("mark") != (mark(values[name], told[name]) if name in MARKED else None)]
    if result["total"].get("mark") != mark(total, fixed(rounded(total, F(1, 100)), 2)):
        found.append("the total is marked %s" % result["total"])
    if result["total"]["reported"] != fixed(rounded(total, F(1, 100)), 2) or not is_near(result["total"]["value"], total):
        found.append("the total is %s, not %s" % (result["total"], float(total)))
    if result["grade"]["class"] != grade:
        found.append("the class is %s, not %s" % (result["grade"]["class"], grade))
    return found


def check(path):
    results = [json.loads(line) for line in open(path, encoding="utf-8")]
    failed = 0
    data = records()
    if len(results) != len(data):
        sys.exit("%d results, not %d" % (len(results), len(data)))
    for one, result in zip(data, results):
        for problem in problems(one, result):
            failed += 1
            print("%s: %s %s" % (one["id"], problem, json_of(one)))
    print("%d passed, %d failed" % (len(results), failed))
    sys.exit(failed > 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["make"]:
        print("\n".join(json_of(one) for one in records()))
    else:
        check(sys.argv[2])
