# The sources of each part, listed so that a stray file is noticed.
LEXERS := base/json.re base/csv.re grammar/lexer.re
STDLIB := $(patsubst %,stdlib/%.pcr,gases units electricity fuels transport allocation recycling agriculture industry waste \
          quality rounding geo steam plant goods crops carbon_plant lifecycles profiles)
# Their external functions.
NATIVES := stdlib/natives.c stdlib/geo.c stdlib/steam.c
CODE_PAGES := $(sort $(wildcard docs/codes/*.md))
TEMPLATES := cli/templates/rule_en.pcr cli/templates/rule_zh.pcr cli/templates/example_en.json cli/templates/example_zh.json

BASE := base/arena.c base/str.c base/map.c base/utf8.c base/source.c base/diag.c base/calendar.c base/fix.c base/sha256.c base/system_error.c \
        base/render_json.c \
        base/rational.c base/rational_big.c base/rational_round.c base/rational_text.c base/enclosure.c base/elementary.c \
        base/decimal.c base/decimal_double.c base/decimal_print.c base/unit.c base/unit_parse.c base/unit_text.c \
        base/unicode.c base/canvas.c base/excerpt.c base/render.c base/render_sarif.c
# Of base, what the command line and the compiler need and libzuji must not link (libunistring).
BASE_CLI_ONLY := base/unicode.c base/canvas.c base/excerpt.c base/render.c base/render_sarif.c
GEN_BASE := build/gen/json.c build/gen/csv.c

VM := $(sort $(wildcard vm/*.c))
COMPILER := $(sort $(wildcard compiler/*.c)) $(sort $(wildcard grammar/*.c))
GEN_COMPILER := build/gen/lexer.c build/gen/parser.c build/gen/std_modules.c

CLI := cli/main.c cli/common.c cli/help.c cli/check.c cli/checklist.c cli/build.c cli/run.c cli/text.c cli/text_cuts.c cli/text_reasons.c cli/stats.c cli/inspect.c cli/test.c cli/example.c cli/natives.c cli/fmt.c cli/files.c cli/new.c \
       cli/session.c cli/factors.c cli/explain.c cli/explain_text.c cli/explain_words.c cli/explain_terms.c cli/explain_html.c cli/explain_csv.c cli/sheet_lines.c cli/sheet_cells.c cli/sheet_formula.c cli/sheet_numbers.c cli/html.c cli/html_style.c cli/html_sankey.c cli/html_bars.c cli/sankey.c cli/sensitivity.c cli/montecarlo.c cli/explain_code.c cli/code_pages.c cli/fix.c build/gen/code_pages.c build/gen/templates.c

UNIT := $(sort $(wildcard tests/unit/*.c)) cli/sankey.c cli/sheet_lines.c cli/sheet_cells.c cli/sheet_formula.c cli/sheet_numbers.c
RUNNER := $(sort $(wildcard tests/*.c tests/random/*.c))
