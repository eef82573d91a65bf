#!/bin/sh
# Runs every suite on a finished build and sums them up; the last line is "N passed, N failed[, N skipped]".
# `make check` calls it with ZUJI, UNIT, GOLDEN, HOSTS, DOCS (built programs), MODE, ZUJI_SHARED (folder with the published cases; may be empty).
# With CI=true a skipped suite is a failure.
cd "$(dirname "$0")/.." || exit 2
: "${ZUJI:?}" "${UNIT:?}" "${GOLDEN:?}" "${HOSTS:?}" "${DOCS:?}"
MODE=${MODE:-release}
ZUJI_SHARED=${ZUJI_SHARED:-}
PWD=$(pwd)
export ZUJI UNIT GOLDEN HOSTS MODE ZUJI_SHARED PWD
[ -n "$ZUJI_SHARED" ] || unset ZUJI_SHARED
log=build/$MODE/tests
mkdir -p "$log"
passed=0 failed=0 skipped=0
pairs=1000 # rules with data that are drawn: a sample; `make check-long` draws 100,000
[ "$MODE" = asan ] && export CK_TIMEOUT_MULTIPLIER=10 BOUNDS_PROGRAMS=2000 SHEETS_DRAWN=5 && pairs=200

# count NAME PASSED FAILED SECONDS
count() {
    passed=$((passed + $2)) failed=$((failed + $3))
    printf '%-12s %5d passed %4d failed %4d s\n' "$1" "$2" "$3" "$4"
}
# suite NAME COMMAND…: a program that ends with "N passed, N failed"
suite() {
    name=$1 start=$(date +%s)
    shift
    "$@" > "$log/$name.log" 2>&1
    judge "$name" $? "$start"
}
# judge NAME EXIT-CODE START: what a suite has written to its log
judge() {
    name=$1 code=$2 start=$3
    good=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$log/$name.log")
    bad=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$log/$name.log")
    if [ -z "$good" ] || { [ "$code" != 0 ] && [ "$bad" = 0 ]; }; then
        echo "$name: ended with exit code $code" >> "$log/$name.log"
        good=${good:-0} bad=1
    fi
    [ "$bad" = 0 ] || cat "$log/$name.log"
    count "$name" "$good" "$bad" $(($(date +%s) - start))
}
# one NAME COMMAND…: a single check
one() {
    name=$1 start=$(date +%s)
    shift
    if "$@" > "$log/$name.log" 2>&1; then
        count "$name" 1 0 $(($(date +%s) - start))
    else
        cat "$log/$name.log"
        count "$name" 0 1 $(($(date +%s) - start))
    fi
}
skip() {
    echo "SKIPPED $1: $2"
    skipped=$((skipped + 1))
}

unit() {
    "$UNIT"
    code=$?
    sums=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log/unit.log" | tail -1)
    # Without the summary the runner itself died.
    set -- ${sums:-0 1 0}
    echo "$(($1 - $2 - $3)) passed, $(($2 + $3)) failed"
    return $code
}
# Every suite that a file of tests/unit exports has its row in suites.def.
suites_listed() {
    grep -ho '^Suite \*[a-z0-9_]*_suite(void)' tests/unit/*.c | sed 's/^Suite \*\(.*\)_suite(void)/SUITE(\1)/' | sort -u > "$log/suites"
    grep '^SUITE' tests/unit/suites.def | sort | diff "$log/suites" -
}
# It has no date: the same sources give the same page.
manual() {
    ! mandoc -Tlint -W warning "build/$MODE/zuji.1" | grep -v 'missing date'
}
documents_current() {
    "$DOCS" SPEC.md | diff SPEC.md - && /usr/bin/python3 tools/stdlib_overview.py stdlib | diff docs/stdlib.md - &&
        /usr/bin/python3 tools/rules_table.py "$ZUJI" rules README.md | diff README.md -
}
engines() {
    "$GOLDEN" generate 400 7 > "$log/garments.ndjson"
    "$GOLDEN" engines rules/textiles/garment.pcr "$log/garments.ndjson"
}

papers= && [ -d "${ZUJI_SHARED:-}/paper-rules" ] && papers=$ZUJI_SHARED/paper-rules
# The unit tests take longest: they run beside the others, and are counted at the end.
unit_start=$(date +%s)
unit > "$log/unit.log" 2>&1 &
unit_process=$!

one suites suites_listed
one layers tools/check_layers.sh
suite golden "$GOLDEN" golden tests/golden
for rule in tests/golden/run/*.pcr; do
    stem=${rule%.pcr}
    data=$(ls -d "$stem.json" "$stem.ndjson" "$stem.data" 2> /dev/null | head -1)
    factors= && [ -f "$stem.factors.csv" ] && factors=$stem.factors.csv
    suite "$(basename "$stem")" "$GOLDEN" engines "$rule" "$data" $factors
    suite "$(basename "$stem") why" "$GOLDEN" explain "$rule" "$data" $factors
done
suite "aluminium why" "$GOLDEN" explain rules/metals/primary_aluminium.pcr rules/metals/examples/smelter_2024.json rules/factors
suite "steel why" "$GOLDEN" explain rules/metals/crude_steel.pcr rules/metals/examples/works.json rules/factors rules/metals/examples/steel_factors.csv
suite "landfill why" "$GOLDEN" explain rules/waste/landfill.pcr rules/waste/examples/landfill.json
suite "garment why" "$GOLDEN" explain rules/textiles/garment.pcr rules/textiles/examples/garments.json
suite bad "$GOLDEN" bad tests/bad
suite data "$GOLDEN" data tests/bad/data
suite bytecode "$GOLDEN" bytecode tests/bytecode
suite cli "$GOLDEN" cli tests/cli
suite limit "$GOLDEN" limit
suite inputs "$GOLDEN" inputs
suite fixes "$GOLDEN" fixes tests/bad tests/golden/render tests/golden/run
suite surface "$GOLDEN" surface tests/surface
suite fmt "$GOLDEN" fmt rules stdlib cli/templates tests/golden tests/bad tests/cli/fixture $papers
one formatted "$ZUJI" fmt --check rules stdlib cli/templates
suite aluminium "$GOLDEN" oracle rules/metals/primary_aluminium.pcr tests/oracle/aluminium.json rules/factors
suite landfill "$GOLDEN" oracle rules/waste/landfill.pcr tests/oracle/landfill.json
suite garments "$GOLDEN" oracle rules/textiles/garment.pcr tests/oracle/garment_more.json
for rule in batteries/ev_battery batteries/industrial_battery batteries/consumer_battery batteries/small_power_battery \
    batteries/storage_battery batteries/traction_battery electrical/room_air_conditioner electrical/small_motor \
    electrical/desktop_computer electrical/portable_computer electrical/photovoltaic_module rubber/tyre; do
    suite "$(basename "$rule") plants" "$GOLDEN" oracle "rules/$rule.pcr" "tests/oracle/$(basename "$rule").json" tests/oracle/goods_factors.csv
done
for rule in metals/crude_steel metals/electric_steel metals/ferroalloys minerals/clinker minerals/cement minerals/flat_glass \
    chemicals/ammonia chemicals/hydrogen construction/wall_panel; do
    suite "$(basename "$rule") plants" "$GOLDEN" oracle "rules/$rule.pcr" "tests/oracle/$(basename "$rule").json" tests/oracle/plants_factors.csv
done
for rule in food/rice food/dairy_products textiles/cotton_fabric wood/wood_panel wood/wood_flooring furniture/furniture; do
    suite "$(basename "$rule") plants" "$GOLDEN" oracle "rules/$rule.pcr" "tests/oracle/$(basename "$rule").json" tests/oracle/land_factors.csv
done
if [ -f "${ZUJI_SHARED:-}/cases/textile/cases.json" ]; then
    suite published "$GOLDEN" oracle rules/textiles/garment.pcr "$ZUJI_SHARED/cases/textile/cases.json"
else
    skip published "the published cases are not there (ZUJI_SHARED)"
fi
suite "factor set" /usr/bin/python3 tests/factors/default_set.py
if [ -f "${ZUJI_SHARED:-}/data/factors/epa_supply_chain_v1.2_byGHG_USD2021.csv" ]; then
    suite imports /usr/bin/python3 tests/factors/published.py "$ZUJI_SHARED/data/factors" "$log"
else
    skip imports "the published tables are not there (ZUJI_SHARED)"
fi
if [ -f "${ZUJI_SHARED:-}/data/sarif/sarif-schema-2.1.0.json" ]; then
    suite sarif /usr/bin/python3 tests/sarif.py "$ZUJI_SHARED/data/sarif/sarif-schema-2.1.0.json" tests/bad/*.pcr tests/golden/render/*.pcr
else
    skip sarif "the schema is not there (ZUJI_SHARED)"
fi
suite explained /usr/bin/python3 tests/pages_html.py "$log"
suite sheets /usr/bin/python3 tests/sheets.py "$log"
suite engines engines
suite adversarial tests/adversarial/run.sh
suite random "$GOLDEN" random $pairs
# A sample; `make mutants` draws 20,000.
suite mutants "$GOLDEN" mutants 800
# The address sanitizer keeps what is freed: with it there is nothing to be measured.
[ "$MODE" = asan ] || suite memory "$GOLDEN" memory 10000 100000
suite fences "$GOLDEN" fences README.md SPEC.md CONTRIBUTING.md
suite pages "$GOLDEN" pages docs/codes tests/no_examples.txt
suite stdlib /usr/bin/python3 tests/stdlib.py "$ZUJI" stdlib "${ZUJI_SHARED:-}"
suite "stdlib values" /usr/bin/python3 tests/stdlib_values.py "$ZUJI" "$log"
suite profiles /usr/bin/python3 tests/profiles.py "$ZUJI" "$log" stdlib
suite rules /usr/bin/python3 tests/rules.py "$ZUJI" rules "$log"
one examples "$ZUJI" test rules stdlib tests/golden/run
one manual manual
one documents documents_current
one codes tests/codes.sh
one headings tools/check_codes.sh

wait $unit_process
judge unit $? "$unit_start"

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
    echo "with CI=true nothing may be skipped"
    failed=$((failed + skipped))
fi
line="$passed passed, $failed failed"
[ "$skipped" = 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" = 0 ]
