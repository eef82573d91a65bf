# Each mode, with ties and negative numbers; "figure mark" by mode, then the same in a formula: a digit for each
$ for x in 2.5 -2.5 1.5 -1.5 0.5 -0.5 2.4 -2.4 2.6 -2.6 3 -3 0; do echo "{\"id\": \"$x\", \"out\": 1, \"x\": $x}"; done > modes.ndjson; zuji run modes.pcr modes.ndjson --format csv --detail stages | awk -F, '$4 == "report" {printf "%s%s%s", $6 == "half_even" ? $1 ":  " : "  ", $8, $9 == "=" ? "" : $9; if ($6 == "in_formula") print ""}'
2.5:  2+  3-  3-  2+  2+  3-  2+  3-  23322323
-2.5:  -2+  -2+  -3-  -3-  -3-  -2+  -2+  -3-  -22333223
1.5:  2-  2-  2-  1+  1+  2-  1+  2-  22211212
-1.5:  -2-  -1+  -2-  -2-  -2-  -1+  -1+  -2-  -21222112
0.5:  0+  1-  1-  0+  0+  1-  0+  1-  1100101
-0.5:  0+  0+  -1-  -1-  -1-  0+  0+  -1-  -111001
2.4:  2+  2+  2+  2+  2+  3-  2+  3-  22222323
-2.4:  -2+  -2+  -2+  -2+  -3-  -2+  -2+  -3-  -22223223
2.6:  3-  3-  3-  3-  2+  3-  2+  3-  33332323
-2.6:  -3-  -3-  -3-  -3-  -3-  -2+  -2+  -3-  -33333223
3:  3  3  3  3  3  3  3  3  33333333
-3:  -3  -3  -3  -3  -3  -3  -3  -3  -33333333
0:  0  0  0  0  0  0  0  0  0

$ zuji run modes.pcr modes.ndjson --format csv --detail stages > fast.csv; zuji run modes.pcr modes.ndjson --format csv --detail stages --exact | diff - fast.csv && zuji run modes.pcr modes.ndjson --format csv --detail stages --lang zh | diff - fast.csv

# The two ways of judging, after the examples of GB/T 8170-2008, 4.3: full value, rounded value; a limit "not above 0.5"
$ for x in 0.452 0.500 0.549 0.550 0.551; do echo "{\"id\": \"$x\", \"out\": 1, \"x\": $x, \"limit\": 0.6}"; done > silicon.ndjson; sed 's/version  "1"/version "1"\n    judge rounded/' silicon.pcr > judged.pcr; for r in silicon judged; do zuji run $r.pcr silicon.ndjson --format json | grep -o '"id":"[^"]*"\|"class":"[a-z]*","method":"[a-z_]*"' | paste -d' ' - - -; done
"id":"0.452" "class":"kept","method":"full_value" "class":"kept","method":"rounded"
"id":"0.500" "class":"kept","method":"full_value" "class":"kept","method":"rounded"
"id":"0.549" "class":"not","method":"full_value" "class":"kept","method":"rounded"
"id":"0.550" "class":"not","method":"full_value" "class":"not","method":"rounded"
"id":"0.551" "class":"not","method":"full_value" "class":"not","method":"rounded"
"id":"0.452" "class":"kept","method":"rounded" "class":"kept","method":"full_value"
"id":"0.500" "class":"kept","method":"rounded" "class":"kept","method":"full_value"
"id":"0.549" "class":"kept","method":"rounded" "class":"not","method":"full_value"
"id":"0.550" "class":"not","method":"rounded" "class":"not","method":"full_value"
"id":"0.551" "class":"not","method":"rounded" "class":"not","method":"full_value"

# A limit from the data has no places: 0.452 and 0.549 to multiples of 0.2 are 0.4 and 0.6, and 0.5 is 0.4
$ zuji run silicon_data.pcr silicon.ndjson --detail stages --format csv | awk -F, '$4 == "total" {printf "%s ", $8} $4 == "grade" {print $6}'
0.4 kept
0.4 kept
0.6 not
0.6 not
0.6 not

# What is rounded twice, and what only looks so
$ zuji check twice.pcr 2>&1 | grep -A1 L0471 | grep -o 'twice.*'
twice.pcr:4:24
twice.pcr:13:24
twice.pcr:14:24
twice.pcr:15:24
twice.pcr:16:24
twice.pcr:18:24
twice.pcr:22:24
twice.pcr:23:24
twice.pcr:24:24
twice.pcr:27:24
twice.pcr:30:23
twice.pcr:40:5
twice.pcr:41:5
twice.pcr:42:5
