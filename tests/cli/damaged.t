# A compiled rule that was cut off, altered, or is none: refused, exit code 1.
$ zuji build plant.pcr -o plant.pcrc

$ head -c 100 plant.pcrc > short.pcrc; zuji run short.pcrc good.json 2>&1 | sed 's/of [0-9]* bytes/of N bytes/'; zuji run short.pcrc good.json 2>/dev/null
error[E0542]: the compiled rule is truncated: 100 of N bytes are there
? 1

$ head -c 3 plant.pcrc > short.pcrc; zuji run short.pcrc good.json
! error[E0540]: not a compiled rule
? 1

$ : > empty.pcrc; zuji inspect empty.pcrc
! error[E0540]: not a compiled rule
? 1

$ cp good.json fake.pcrc; zuji run fake.pcrc good.json
! error[E0540]: not a compiled rule
? 1

$ (head -c 200 plant.pcrc; printf 'X'; tail -c +202 plant.pcrc) > altered.pcrc; zuji run altered.pcrc good.json
! error[E0543]: the compiled rule was altered: its checksum does not match its content
? 1

$ (cat plant.pcrc; printf 'X') > longer.pcrc; zuji run longer.pcrc good.json
! error[E0543]: the compiled rule was altered: its checksum does not match its content
? 1

$ (head -c 8 plant.pcrc; printf '\077'; tail -c +10 plant.pcrc) > version.pcrc; zuji run version.pcrc good.json
! error[E0541]: the compiled rule has format 63, but this program reads format 5; build it again from its source
? 1

# Every byte of a small rule, altered: always refused, and nothing crashes.
$ size=$(wc -c < plant.pcrc); at=0; while [ $at -lt $size ]; do (head -c $at plant.pcrc; printf '\125'; tail -c +$((at + 2)) plant.pcrc) > t.pcrc; zuji run t.pcrc good.json > /dev/null 2>&1; echo $?; at=$((at + 7)); done | sort | uniq -c | awk '$2 > 1 { print "exit code " $2 }'

# Cut off anywhere: refused.
$ size=$(wc -c < plant.pcrc); at=0; while [ $at -lt $size ]; do head -c $at plant.pcrc > t.pcrc; zuji run t.pcrc good.json > /dev/null 2>&1; echo $?; at=$((at + 29)); done | sort -u
1

