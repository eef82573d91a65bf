#!/bin/sh
# Every message is triggered by a test: by its code in tests/bad, tests/bytecode, tests/cli or tests/limit.c, by its code or name in a unit
# test, or by the example of its page (### fails in docs/codes).
# tests/untested.txt lists the others, each with the reason; a code there that is tested after all is wrong too.
cd "$(dirname "$0")/.." || exit 2
status=0
for row in $(sed -n 's/^DIAG(\([A-Z0-9_]*\), "\([0-9]*\)", \([A-Z]\).*/\1:\3\2/p' base/diag.def); do
    name=${row%%:*} code=${row##*:}
    tested=no
    if grep -rqE "(^|[^A-Z0-9])$code([^0-9]|\$)" tests/bad tests/bytecode tests/cli tests/limit.c tests/unit || grep -rqwE "D_$name" tests/unit ||
        awk -v page="## $code" '/^## / { is_page = $0 == page } is_page && /^### fails$/ { found = 1 } END { exit !found }' docs/codes/E"$(echo "$code" | cut -c2-3)".md; then
        tested=yes
    fi
    excused=no
    grep -q "^$code " tests/untested.txt && excused=yes
    if [ $tested = no ] && [ $excused = no ]; then
        echo "$code ($name) is triggered by no test"
        status=1
    elif [ $tested = yes ] && [ $excused = yes ]; then
        echo "$code ($name) is tested: its line in tests/untested.txt is out of date"
        status=1
    fi
done
exit $status
