# Division by zero for one product of a thousand: the other 999 are computed and printed, the failing one keeps its place.
$ awk 'BEGIN { for (i = 1; i <= 1000; i++) printf "{\"id\": \"p%d\", \"output\": 1, \"power\": %d, \"machines\": %d}\n", i, i, i == 500 ? 0 : 2 }' > thousand.ndjson

$ zuji run division.pcr thousand.ndjson --format ndjson > out.ndjson
! division.pcr:6:46: [p500] error[E0701]: division by zero: `power / machines`, where 500 kWh is divided by 0 (making.power)
! 1 of 1000 products in error
? 1

$ grep -c '"status":"ok"' out.ndjson
999

$ sed -n 500p out.ndjson
{"id":"p500","status":"error","total":null,"notes":[{"code":"E0701","severity":"error","path":"making.power","file":"division.pcr","line":6,"column":46,"args":["power / machines","500 kWh"],"text":{"en":"division by zero: `power / machines`, where 500 kWh is divided by 0","zh":"除数为零：“power / machines”中 500 kWh 被零除"}}]}

$ sed -n '499p;501p' out.ndjson
{"id":"p499","status":"ok","total":{"value":124.75,"unit":"kgCO2e/t","reported":"124.750"},"notes":[]}
{"id":"p501","status":"ok","total":{"value":125.25,"unit":"kgCO2e/t","reported":"125.250"},"notes":[]}

$ zuji run division.pcr thousand.ndjson --format ndjson --exact 2>/dev/null | cmp - out.ndjson

# as text, the same
$ zuji run division.pcr thousand.ndjson 2>/dev/null | grep -c 'kgCO2e per 1 t'
999

# After 10,000 failed products only the first message of each is worded; all are counted.
$ awk 'BEGIN { for (i = 1; i <= 10002; i++) printf "{\"id\": \"p%d\", \"output\": 1, \"power\": 1, \"machines\": 0}\n", i }' > failing.ndjson; zuji run division.pcr failing.ndjson --format csv 2>/dev/null | grep -c ',error,'
10002

