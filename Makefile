# Zuji. `make demo` computes two real footprints, `make check` runs every test; both install the Debian packages they lack.
# MODE=release (default) | debug | asan selects a build; everything made is under build/.
MODE    ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
ROOT    := $(CURDIR)
B       := build/$(MODE)
GEN     := build/gen
VERSION := 0.1.0

# The shared folder with the published cases, read by tests where it is there.
ZUJI_SHARED ?= $(wildcard ../shared)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wimplicit-fallthrough -Wswitch-enum
STRICT   ?=
FLAGS_release := -O2 -g
FLAGS_debug   := -O0 -g
FLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_ALL := -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) $(STRICT) -ffp-contract=off -fno-math-errno -fvisibility=hidden -fPIC \
              -DZUJI_VERSION='"$(VERSION)"' -I. -I$(GEN) $(FLAGS_$(MODE)) $(CFLAGS)
LDFLAGS_ALL := $(FLAGS_$(MODE)) $(LDFLAGS)

# ---- packages ---------------------------------------------------------------------------------------------------------
PACKAGES_BUILD := gcc libc6-dev pkg-config re2c bison libgmp-dev libmpfr-dev libffi-dev libsodium-dev libsqlite3-dev libunistring-dev
PACKAGES_CHECK := $(PACKAGES_BUILD) check libsubunit-dev clang libc6-dev libjansson-dev mandoc python3-jsonschema libreoffice-calc-nogui

PACKAGES_BENCH := $(PACKAGES_BUILD) libjansson-dev

# $(call install-missing,packages): only what is not there; needs root or sudo only then.
define install-missing
	@missing=""; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi
endef

# ---- sources ----------------------------------------------------------------------------------------------------------
include sources.mk

GENERATED := $(addprefix $(GEN)/,$(notdir $(LEXERS:.re=.c))) $(GEN)/parser.c $(GEN)/parser.h $(GEN)/std_modules.c $(GEN)/code_pages.c $(GEN)/templates.c $(GEN)/powers.h

objects = $(patsubst %.c,$(B)/%.o,$(1))
OBJ_BASE     := $(call objects,$(BASE) $(GEN_BASE))
OBJ_VM       := $(call objects,$(VM))
OBJ_COMPILER := $(call objects,$(COMPILER) $(GEN_COMPILER))
OBJ_NATIVES  := $(call objects,$(NATIVES))
OBJ_CLI      := $(call objects,$(CLI))
OBJ_UNIT     := $(call objects,$(UNIT))
OBJ_RUNNER   := $(call objects,$(RUNNER))
DEPS         := $(patsubst %.o,%.d,$(OBJ_BASE) $(OBJ_VM) $(OBJ_COMPILER) $(OBJ_NATIVES) $(OBJ_CLI) $(OBJ_UNIT) $(OBJ_RUNNER)) $(wildcard $(B)/bench/*.d $(B)/tests/adversarial/*.d)

LIBS_VM  := -lffi -lmpfr -lgmp -lsodium -lsqlite3 -lm
LIBS_CLI := $(LIBS_VM) -lunistring

.PHONY: all demo check check-long unit golden bless docs docs-check rules-table deps-build deps-check deps-bench clean install check-layers bench mutants man help
.DEFAULT_GOAL := all
all: $(B)/zuji $(B)/libzuji.a $(B)/libzuji.so.0 $(B)/libzujistd.a $(B)/libzujistd.so.0 $(B)/zuji.1

help:
	@echo "make demo          two footprints, from nothing"
	@echo "make check         every test (MODE=asan: under the sanitizers)"
	@echo "make check-long    random programs by the million, drawn rules, builds by other compilers (SUITES=compilers: these alone)"
	@echo "make all           the command line, libzuji, the manual page"
	@echo "make install       into PREFIX (/usr/local)"
	@echo "make mutants       what the compiler says of 20,000 rules with one token changed"
	@echo "make bench         what it costs, as ratios"
	@echo "make rules-table   the table of rules in README.md"
	@echo "make docs          rewrite the tables of README.md and SPEC.md, and docs/stdlib.md"
	@echo "make bless         rewrite what the golden tests expect"

# ---- generated sources --------------------------------------------------------------------------------------------------
$(GEN) $(B):
	@mkdir -p $@
$(GEN)/%.c: base/%.re | $(GEN)
	re2c -W -Werror --input-encoding utf8 --no-generation-date -o $@ $<
$(GEN)/lexer.c: grammar/lexer.re | $(GEN)
	re2c -W -Werror -c --input-encoding utf8 --no-generation-date -o $@ $<
$(GEN)/parser.c $(GEN)/parser.h &: grammar/parser.y | $(GEN)
	bison -Wall -Wcounterexamples -Wdangling-alias -Werror -o $(GEN)/parser.c --header=$(GEN)/parser.h $<
$(GEN)/embed: tools/embed.c | $(GEN)
	$(CC) -std=c11 $(WARNINGS) -o $@ $<
$(GEN)/std_modules.c: $(GEN)/embed $(STDLIB)
	$(GEN)/embed compiler/std_modules.h std_module std_module std. $(STDLIB) > $@.tmp && mv $@.tmp $@
$(GEN)/code_pages.c: $(GEN)/embed $(CODE_PAGES)
	$(GEN)/embed cli/code_pages.h code_page code_page "" $(CODE_PAGES) > $@.tmp && mv $@.tmp $@
$(GEN)/templates.c: $(GEN)/embed $(TEMPLATES)
	$(GEN)/embed cli/templates.h template template "" $(TEMPLATES) > $@.tmp && mv $@.tmp $@
$(GEN)/gen_powers: tools/gen_powers.c | $(GEN)
	$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) -o $@ $< -lgmp
$(GEN)/powers.h: $(GEN)/gen_powers
	$(GEN)/gen_powers > $@.tmp && mv $@.tmp $@

# ---- objects ----------------------------------------------------------------------------------------------------------
$(B)/%.o: %.c | $(GENERATED)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
# The columns' loops: gcc vectorises them from -O3 on, and only where no floating-point exception flag is promised.
build/release/vm/kernels.o: CFLAGS_ALL += -O3 -fno-trapping-math
$(B)/tests/%.o: CFLAGS_ALL += $(shell pkg-config --cflags check 2>/dev/null)
-include $(DEPS)

$(B)/libbase.a: $(OBJ_BASE)
$(B)/libcompiler.a: $(OBJ_COMPILER)
$(B)/libbase.a $(B)/libcompiler.a:
	@rm -f $@; ar rcs $@ $^
# libzuji: the machine and what it needs of base, without the compiler.
$(B)/libzuji.a: $(OBJ_VM) $(filter-out $(call objects,$(BASE_CLI_ONLY)),$(OBJ_BASE))
	@rm -f $@; ar rcs $@ $^
$(B)/libzuji.so.0: $(OBJ_VM) $(filter-out $(call objects,$(BASE_CLI_ONLY)),$(OBJ_BASE))
	$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libzuji.so.0 -o $@ $^ $(LIBS_VM)
# The external functions of the standard library: for other hosts a library of its own beside libzuji.
$(B)/libzujistd.a: $(OBJ_NATIVES)
	@rm -f $@; ar rcs $@ $^
$(B)/libzujistd.so.0: $(OBJ_NATIVES) $(B)/libzuji.so.0
	$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libzujistd.so.0 -o $@ $^ -lm
$(B)/zuji: $(OBJ_CLI) $(B)/libzujistd.a $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $(OBJ_CLI) $(B)/libzujistd.a $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI)
$(B)/zuji.1: $(B)/zuji
	$(B)/zuji help --man > $@
$(B)/unit: $(OBJ_UNIT) $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $(OBJ_UNIT) $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI) $$(pkg-config --libs check) -ljansson

$(B)/golden: $(OBJ_RUNNER) $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $(OBJ_RUNNER) $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI) -ljansson
# Calls the library as hosts with other floating-point arithmetic do.
$(B)/hosts: $(B)/tests/adversarial/hosts.o $(B)/libzuji.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS_VM)
$(B)/bench/measure: $(B)/bench/measure.o $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $< $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI)
$(B)/bench/certify: $(B)/bench/certify.o $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $< $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI)
$(B)/bench/lookup: $(B)/bench/lookup.o $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a
	$(CC) $(LDFLAGS_ALL) -o $@ $< $(B)/libcompiler.a $(B)/libzuji.a $(B)/libbase.a $(LIBS_CLI)
$(B)/bench/garment_by_hand: $(B)/bench/garment_by_hand.o
	$(CC) $(LDFLAGS_ALL) -o $@ $< -ljansson -lm
# The tables of SPEC.md, from the project's .def files.
$(GEN)/docs: tools/docs.c $(wildcard */*.def) vm/limits.h | $(GEN)
	$(CC) -std=c11 $(WARNINGS) -I. -o $@ $<

# ---- what people call -------------------------------------------------------------------------------------------------------
deps-build:
	$(call install-missing,$(PACKAGES_BUILD))
deps-check:
	$(call install-missing,$(PACKAGES_CHECK))
deps-bench:
	$(call install-missing,$(PACKAGES_BENCH))

demo: deps-build
	@$(MAKE) --no-print-directory -s -j2 all
	@tools/demo.sh $(B)/zuji

check: deps-check
	@$(MAKE) --no-print-directory -s -j2 all $(B)/unit $(B)/golden $(B)/hosts $(GEN)/docs
	@$(TEST_ENVIRONMENT) tests/run.sh

# What takes too long for every change: millions of random programs, and builds by other compilers.
check-long: deps-check
	@$(MAKE) --no-print-directory -s -j2 all $(B)/unit $(B)/golden $(B)/hosts
	@$(TEST_ENVIRONMENT) SUITES='$(SUITES)' tests/run_long.sh

# What the test scripts are told.
TEST_ENVIRONMENT = HOSTS=$(ROOT)/$(B)/hosts ZUJI=$(ROOT)/$(B)/zuji UNIT=$(ROOT)/$(B)/unit GOLDEN=$(ROOT)/$(B)/golden DOCS=$(ROOT)/$(GEN)/docs \
                   ZUJI_SHARED='$(ZUJI_SHARED)' MODE=$(MODE) CC='$(CC)'

golden: $(B)/zuji $(B)/golden
	@$(TEST_ENVIRONMENT) $(B)/golden golden
bless: $(B)/zuji $(B)/golden
	@$(TEST_ENVIRONMENT) $(B)/golden golden --bless

docs: $(GEN)/docs $(B)/zuji
	$(GEN)/docs SPEC.md > $(GEN)/SPEC.md && mv $(GEN)/SPEC.md SPEC.md
	tools/stdlib_overview.py stdlib > $(GEN)/stdlib.md && mv $(GEN)/stdlib.md docs/stdlib.md
	tools/rules_table.py $(B)/zuji rules README.md > $(GEN)/README.md && mv $(GEN)/README.md README.md
docs-check: $(GEN)/docs $(B)/zuji
	@$(GEN)/docs SPEC.md | diff SPEC.md -
	@tools/stdlib_overview.py stdlib | diff docs/stdlib.md -
	@tools/rules_table.py $(B)/zuji rules README.md | diff README.md -
# Every rule with its unit, boundary, size, examples and sources; `make docs` writes it into README.md.
rules-table: $(B)/zuji
	@tools/rules_table.py $(B)/zuji rules

# PRODUCTS and ROUNDS may be given: make bench PRODUCTS=100000 ROUNDS=15
bench: deps-bench
	@$(MAKE) --no-print-directory -s -j2 $(B)/zuji $(B)/golden $(B)/bench/measure $(B)/bench/certify $(B)/bench/lookup $(B)/bench/garment_by_hand
	@ZUJI=$(abspath $(B)/zuji) GOLDEN=$(abspath $(B)/golden) HAND=$(abspath $(B)/bench/garment_by_hand) \
	  MEASURE=$(abspath $(B)/bench/measure) CERTIFY=$(abspath $(B)/bench/certify) LOOKUP=$(abspath $(B)/bench/lookup) bench/run.sh $(or $(PRODUCTS),20000) $(or $(ROUNDS),7)

# MUTANTS and SEED may be given; the list of all of them, with what came of each, is in build/$(MODE)/mutants.txt.
mutants: deps-check
	@$(MAKE) --no-print-directory -s -j2 $(B)/zuji $(B)/golden
	@$(TEST_ENVIRONMENT) $(B)/golden mutants $(or $(MUTANTS),20000) $(or $(SEED),1) $(B)/mutants.txt

unit: $(B)/unit
	ZUJI_SHARED='$(ZUJI_SHARED)' $(B)/unit

check-layers:
	@tools/check_layers.sh

man: $(B)/zuji.1

install: all
	install -D -m 755 $(B)/zuji $(DESTDIR)$(PREFIX)/bin/zuji
	install -D -m 644 $(B)/libzuji.a $(DESTDIR)$(PREFIX)/lib/libzuji.a
	install -D -m 755 $(B)/libzuji.so.0 $(DESTDIR)$(PREFIX)/lib/libzuji.so.0
	ln -sf libzuji.so.0 $(DESTDIR)$(PREFIX)/lib/libzuji.so
	install -D -m 644 $(B)/libzujistd.a $(DESTDIR)$(PREFIX)/lib/libzujistd.a
	install -D -m 755 $(B)/libzujistd.so.0 $(DESTDIR)$(PREFIX)/lib/libzujistd.so.0
	ln -sf libzujistd.so.0 $(DESTDIR)$(PREFIX)/lib/libzujistd.so
	install -D -m 644 vm/zuji.h $(DESTDIR)$(PREFIX)/include/zuji.h
	install -D -m 644 stdlib/zujistd.h $(DESTDIR)$(PREFIX)/include/zujistd.h
	install -D -m 644 $(B)/zuji.1 $(DESTDIR)$(PREFIX)/share/man/man1/zuji.1
	@mkdir -p $(DESTDIR)$(PREFIX)/lib/pkgconfig
	@printf 'prefix=%s\nlibdir=$${prefix}/lib\nincludedir=$${prefix}/include\n\nName: zuji\nDescription: runs compiled product category rules for carbon footprints\nVersion: %s\nLibs: -L$${libdir} -lzuji\nLibs.private: $(LIBS_VM)\nCflags: -I$${includedir}\n' \
	  '$(PREFIX)' '$(VERSION)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/zuji.pc
	@printf 'prefix=%s\nlibdir=$${prefix}/lib\nincludedir=$${prefix}/include\n\nName: zujistd\nDescription: external functions of the standard library of zuji\nVersion: %s\nRequires: zuji\nLibs: -L$${libdir} -lzujistd\nLibs.private: -lm\nCflags: -I$${includedir}\n' \
	  '$(PREFIX)' '$(VERSION)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/zujistd.pc

clean:
	rm -rf build
