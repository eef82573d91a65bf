#!/bin/bash
# What Zuji costs, as ratios of the same run: absolute times are this machine's, today. Called by `make bench` with ZUJI,
# GOLDEN (the generator of garments), HAND, MEASURE, CERTIFY, LOOKUP (built programs); [PRODUCTS [ROUNDS]]. Nothing here is asserted by tests, but
# for the agreement of what is compared: every total to a relative 1e-9.
set -eu
cd "$(dirname "$0")/.."
: "${ZUJI:?}" "${GOLDEN:?}" "${HAND:?}" "${MEASURE:?}" "${CERTIFY:?}" "${LOOKUP:?}"
products=${1:-20000} rounds=${2:-7}
rule=rules/textiles/garment.pcr tables=rules/textiles/tables
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%3U %3S'
export LC_ALL=C

"$GOLDEN" generate "$products" > "$work/garments.ndjson"
"$ZUJI" build "$rule" -o "$work/garment.pcrc"

run_fast() { "$ZUJI" run "$work/garment.pcrc" "$work/garments.ndjson" --format ndjson "$@"; }
run_full() { run_fast --detail full; }
run_exact() { run_fast --exact; }
run_hand() { "$HAND" "$tables" < "$work/garments.ndjson"; }

# Every product of both, in order; 1e-9 of the total.
agree() {
    awk 'function number(line, key) { return substr(line, index(line, key) + length(key)) + 0 }
         NR == FNR { other[FNR] = number($0, "\"total\":"); next }
         { total = number($0, "\"value\":"); apart = total - other[FNR]; apart = apart < 0 ? -apart : apart
           if (!(total != 0 && apart <= 1e-9 * (total < 0 ? -total : total))) { print "product " FNR ": " total " and " other[FNR]; bad = 1; exit } }
         END { exit bad || FNR == 0 }' "$work/hand.ndjson" "$1"
}
run_hand > "$work/hand.ndjson"
for way in fast exact; do
    "run_$way" > "$work/$way.ndjson"
    agree "$work/$way.ndjson" || { echo "bench: $way does not agree with the program written by hand" >&2; exit 1; }
done
echo "$products garments ($(wc -c < "$work/garments.ndjson") bytes of NDJSON), $rounds rounds; all totals agree to 1e-9 with the C written by hand"

ways="fast full exact hand"
for _ in $(seq "$rounds"); do
    for way in $ways; do
        { time "run_$way" > /dev/null; } 2>> "$work/$way.times"
    done
done
# Medians; the ratio is to the first way, round by round.
report() {
    paste "$work/fast.times" "$work/$1.times" |
        awk -v title="$2" -v products="$products" '
            function median(list, n,   i, k, t) {
                for (i = 2; i <= n; i++) for (k = i; k > 1 && list[k] < list[k - 1]; k--) { t = list[k]; list[k] = list[k - 1]; list[k - 1] = t }
                return list[int((n + 1) / 2)]
            }
            { seconds[NR] = $3 + $4; ratio[NR] = ($3 + $4) / ($1 + $2) }
            END { printf "  %-44s %10.2f us %9.2f\n", title, median(seconds, NR) / products * 1e6, median(ratio, NR) }'
}
printf '%-46s %13s %9s\n' "NDJSON in, totals out" "CPU/product" "ratio"
report fast "zuji run"
report full "zuji run --detail full"
report exact "zuji run --exact"
report hand "C by hand: jansson and doubles"
"$MEASURE" "$rule" "$work/garments.ndjson"

printf '%-36s %11s %11s %8s %12s\n' "computing alone, a product" "doubles" "certified" "ratio" "with texts"
"$GOLDEN" generate "$products" 1 9 > "$work/long.ndjson"
"$CERTIFY" "garments of 12 digits" "$rule" "$work/long.ndjson"
"$CERTIFY" "garments of 2 to 4 digits" "$rule" "$work/garments.ndjson"
for digits in 12 3 2; do
    "$CERTIFY" "pieces of $digits digits" bench/piece.pcr pieces:$digits
done
# Sums of shares that are exactly 100 %: doubles alone refuse about half of them.
sed 's/within 0.001 %/within 0 %/' bench/piece.pcr > "$work/piece.pcr"
"$CERTIFY" "pieces of 3 digits, shares exactly 1" "$work/piece.pcr" pieces:3

# Samples of one garment whose numbers are uncertain.
samples=10000
head -50 "$work/garments.ndjson" | grep -m1 '"quality"' |
    sed -E 's/"(mass|quality|reparability|surfaceMass|makingWaste)":([0-9.]+)/"\1":{"value":\2,"uncertainty":"normal(rsd 5 %)"}/g' > "$work/uncertain.json"
for _ in $(seq "$rounds"); do
    { time "$ZUJI" run "$work/garment.pcrc" "$work/uncertain.json" --monte-carlo $samples > /dev/null; } 2>> "$work/samples.times"
done
sort -n "$work/samples.times" | awk -v samples=$samples '
    { seconds[NR] = $1 + $2 } END { s = seconds[int((NR + 1) / 2)]; printf "zuji run --monte-carlo %d, one garment: %.1f ms of CPU, the process included (%.2f us a sample)\n", samples, s * 1000, s / samples * 1e6 }'

"$LOOKUP" bench/lookup.pcr

# A rule of two thousand lines, formatted: the garment rule with one of its stages again and again.
awk '/^    stage transport/ { inside = 1 } { line[++n] = $0; if (inside) stage[++m] = $0 }
     inside && /^    }$/ { for (inside = k = 0; n < 1900; k++) for (i = 1; i <= m; i++) { line[++n] = stage[i]; if (i == 1) sub(/transport/, "transport" k, line[n]) } }
     END { for (i = 1; i <= n; i++) print line[i] }' "$rule" > "$work/long.pcr"
"$ZUJI" fmt "$work/long.pcr"
for _ in $(seq "$rounds"); do
    { time "$ZUJI" fmt --check "$work/long.pcr"; } 2>> "$work/fmt.times"
done
sort -n "$work/fmt.times" | awk -v lines="$(wc -l < "$work/long.pcr")" -v bytes="$(wc -c < "$work/long.pcr")" '
    { seconds[NR] = $1 + $2 } END { printf "zuji fmt, %d lines (%d bytes): %.1f ms of CPU, the process included\n", lines, bytes, seconds[int((NR + 1) / 2)] * 1000 }'
