#!/bin/sh
# What takes too long for every change; the last line is "N passed, N failed". `make check-long` calls it with ZUJI, UNIT, GOLDEN, HOSTS
# (built programs). SUITES: which of them, all if empty. PROGRAMS: how many random programs the bounds are compared on. PAIRS, SEED: how
# many rules with data are drawn, and from which on. VARIANTS: which of the builds.
cd "$(dirname "$0")/.." || exit 2
: "${ZUJI:?}" "${UNIT:?}" "${GOLDEN:?}" "${HOSTS:?}"
export ZUJI UNIT GOLDEN HOSTS
passed=0 failed=0
# suite NAME COMMAND…: a program that ends with "N passed, N failed"
suite() {
    name=$1 start=$(date +%s)
    shift
    "$@" > "$log/$name.log" 2>&1
    code=$?
    good=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$log/$name.log")
    bad=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$log/$name.log")
    if [ -z "$good" ] || { [ "$code" != 0 ] && [ "$bad" = 0 ]; }; then
        good=${good:-0} bad=1
    fi
    [ "$bad" = 0 ] || cat "$log/$name.log"
    printf '%-12s %5d passed %4d failed %5d s\n' "$name" "$good" "$bad" $(($(date +%s) - start))
    passed=$((passed + good)) failed=$((failed + bad))
}
log=build/long
mkdir -p "$log"

# Every value of so many random programs against its bound; the figures are in the log.
bounds() {
    if CK_RUN_SUITE=bounds BOUNDS_PROGRAMS=${PROGRAMS:-1000000} "$UNIT"; then
        echo '1 passed, 0 failed'
    else
        echo '0 passed, 1 failed'
    fi
}
# variant NAME COMPILER FLAGS: base and vm, and what calls them; of those in VARIANTS, all if empty
variant() {
    case " ${VARIANTS:-$1} " in *" $1 "*) ;; *) return 0 ;; esac
    ccache=$(command -v ccache) || ccache=
    make -s -j2 B="build/variant/$1" CC="$ccache $2" FLAGS_release="$3" "build/variant/$1/hosts" &&
        variants="$variants build/variant/$1/hosts"
}
# Other compilers, other optimisation, and where the processor has them, instructions that round once where two roundings are meant.
compilers() {
    variants=
    variant gcc-O0 gcc '-O0' && variant gcc-O3 gcc '-O3 -fno-trapping-math' || return
    variant clang-O0 clang '-O0' && variant clang-O3 clang '-O3' || return
    if grep -q ' fma ' /proc/cpuinfo && grep -q ' avx2 ' /proc/cpuinfo; then
        variant gcc-fma gcc '-O3 -march=haswell -fno-trapping-math' && variant clang-fma clang '-O3 -march=haswell' || return
    fi
    tests/adversarial/run.sh $variants
}
# Rules with data, drawn, run in all the ways that must agree; constructs and comparisons are counted in the log.
random() {
    "$GOLDEN" random "${PAIRS:-100000}" "${SEED:-1}"
}
for name in ${SUITES:-compilers bounds random}; do
    suite "$name" "$name"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
