#!/bin/sh
# Data that sit on ties and limits give what fractions give, by both engines and for hosts with other floating-point arithmetic. Called
# with ZUJI, GOLDEN and HOSTS (built programs). With arguments, programs like HOSTS by other compilers: they must print the same, byte by
# byte. The last line is "N passed, N failed".
cd "$(dirname "$0")/../.." || exit 2
: "${ZUJI:?}" "${GOLDEN:?}" "${HOSTS:?}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
# step NAME COMMAND…
step() {
    name=$1
    shift
    if "$@" > "$scratch/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        tail -50 "$scratch/log"
    fi
}
ties=tests/adversarial/ties
by_fractions() {
    "$ZUJI" run $ties.pcr "$scratch/all.ndjson" --format ndjson --detail stages $1 > "$scratch/ties.out" 2> "$scratch/messages"
    python3 $ties.py check "$scratch/ties.out"
}
# All that is told of a product, limits and reasons too, is the same: in full detail no double is left over.
in_full() {
    for engine in '' --exact; do
        head -300 "$scratch/all.ndjson" | "$ZUJI" run $ties.pcr - --format ndjson --detail full $engine > "$scratch/full$engine" || return 1
    done 2> "$scratch/messages"
    cmp "$scratch/full" "$scratch/full--exact"
}
# hosts PROGRAM RULE: what it prints is that of HOSTS
hosts() {
    "$1" "$scratch/$2.pcrc" "$scratch/$2.ndjson" > "$scratch/printed" && cmp "$scratch/printed" "$scratch/$2.hosts"
}

python3 $ties.py make > "$scratch/all.ndjson"
head -1500 "$scratch/all.ndjson" > "$scratch/ties.ndjson"
"$GOLDEN" generate 200 11 |
    sed -E '1,20s/"mass":([0-9.]+)/"mass":{"value":\1,"uncertainty":"lognormal(gsd 1.1)"}/; 1,20s/"quality":([0-9.]+)/"quality":{"value":\1,"uncertainty":"normal(rsd 9 %)"}/' \
        > "$scratch/garment.ndjson"
(cd tests/adversarial && "$ZUJI" build ties.pcr -o "$scratch/ties.pcrc") > /dev/null 2>&1
(cd rules/textiles && "$ZUJI" build garment.pcr -o "$scratch/garment.pcrc") > /dev/null 2>&1

step 'fast engine' by_fractions
step 'exact engine' by_fractions --exact
step 'full detail' in_full
for rule in ties garment; do
    step "hosts, $rule" sh -c '"$0" "$1" "$2" > "$3"' "$HOSTS" "$scratch/$rule.pcrc" "$scratch/$rule.ndjson" "$scratch/$rule.hosts"
    for other in "$@"; do
        step "$other, $rule" hosts "$other" "$rule"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
