#!/bin/sh
# An include may only go down: base <- vm <- cli, base <- grammar, compiler <- cli; of vm the compiler may see the program's format
# and the opcode table; the command line may see of vm only zuji.h (and the format, to write a compiled rule). Prints what goes up.
cd "$(dirname "$0")/.." || exit 2
status=0
# layer, then a pattern of the includes it may have (of the project's own)
check() {
    for file in $(find "$1" -name '*.[chy]' -o -path "$1/*" -name '*.re' -o -path "$1/*" -name '*.def'); do
        bad=$(grep -nE '^#include "' "$file" | grep -vE "\"($2)\"" )
        if [ -n "$bad" ]; then
            echo "$bad" | sed "s|^|$file:|; s|\$|   <- not allowed in $1|"
            status=1
        fi
    done
}
own='base/[a-z0-9_]*\.(h|def)'
check base "$own|powers\.h"
check vm "$own|vm/[a-z0-9_]*\.(h|def)"
check grammar "$own|grammar/[a-z0-9_]*\.(h|def)|compiler/(ast|ast_make|syntax_error)\.h|parser\.h"
check compiler "$own|compiler/[a-z0-9_]*\.(h|def)|grammar/[a-z0-9_]*\.(h|def)|vm/(program|opcodes|limits)\.(h|def)|parser\.h"
check cli "$own|cli/[a-z0-9_]*\.(h|def)|compiler/(compile|fmt)\.h|grammar/keywords\.h|vm/zuji\.h|stdlib/zujistd\.h"
check stdlib "stdlib/(natives\.(h|def)|zujistd\.h)|vm/zuji\.h"
[ $status = 0 ] && echo "layers hold"
exit $status
