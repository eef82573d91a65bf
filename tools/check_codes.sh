#!/bin/sh
# Every message has a page for `zuji explain-code` and every page a message: rows of base/diag.def against the headings of
# docs/codes/E01.md … E09.md. A page is "## CODE", "### en", text, "### zh", text, and its examples "### fails", fences, "### works", fences
# (tests/pages.c runs them); it stands in the file of its hundred, in order.
cd "$(dirname "$0")/.." || exit 2
rows=$(sed -n 's/^DIAG([A-Z0-9_]*, "\([0-9]*\)", \([A-Z]\).*/\2\1/p' base/diag.def | sort)
pages=$(sed -n 's/^## //p' docs/codes/*.md | sort)
status=0
for code in $(printf '%s\n' "$rows" "$pages" "$pages" | sort | uniq -u); do
    echo "$code has no page in docs/codes"
    status=1
done
for code in $(printf '%s\n' "$rows" "$rows" "$pages" | sort | uniq -u); do
    echo "docs/codes explains $code, which base/diag.def does not have"
    status=1
done
for code in $(printf '%s\n' "$pages" | uniq -d); do
    echo "docs/codes explains $code twice"
    status=1
done
for file in docs/codes/*.md; do
    awk -v hundred="$(basename "$file" .md | cut -c2-)" '
        function fail(text) { print FILENAME ":" FNR ": " text; bad = 1 }
        function finish() {
            if (code != "" && ((part != "zh" && part != "works") || !words)) fail(code " wants ### en, ### zh, ### fails, ### works, in this order, each with something below")
        }
        /^```/ { fenced = !fenced; words = 1; if (part == "" || part == "en" || part == "zh") fail("a fence belongs below ### fails or ### works"); next }
        fenced { next }
        /^## / {
            finish(); code = $2; part = ""; words = 0
            if (code !~ /^[EWLN][0-9][0-9][0-9][0-9]$/ || substr(code, 2, 2) != hundred) fail(code " is none of this file")
            if (substr(code, 2) <= last) fail(code " is out of order")
            last = substr(code, 2); next
        }
        /^### en$/ { if (part != "") fail("### en stands first, and once"); part = "en"; words = 0; next }
        /^### zh$/ { if (part != "en" || !words) fail("### zh follows the text of ### en"); part = "zh"; words = 0; next }
        /^### fails$/ { if (part != "zh" || !words) fail("### fails follows the text of ### zh"); part = "fails"; words = 0; next }
        /^### works$/ { if (part != "fails" || !words) fail("### works follows the fence of ### fails"); part = "works"; words = 0; next }
        /^#/ && !/^# / { fail("an unknown heading") }
        NF { if (part == "fails" || part == "works") fail("an example is a fence"); else if (part != "") words = 1; else if (code != "") fail("text before ### en") }
        END { finish(); exit bad }' "$file" || status=1
done
[ $status = 0 ] && echo "$(printf '%s\n' "$rows" | wc -l | tr -d ' ') messages, each with its page"
exit $status
