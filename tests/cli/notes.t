# What was taken for what was not given is noted in the result.
$ cp "$ROOT"/tests/bad/data/factors.pcr .; printf 'factor,name,fuel,year,region,value,unit\nmaterial,steel,,,,2,kgCO2e/kg\nburning,,coal,2022,,3,kgCO2e/kg\ngrid,,,2023,CN,0.6,kgCO2e/kWh\n' > f.csv; printf '{"id": "p", "output": 1, "place": "CN-SD", "items": []}\n' > p.json; zuji run factors.pcr p.json --factors f.csv --format json | grep -o '"code":"N[0-9]*"[^}]*"en":"[^"]*"' | sed 's/"severity.*"en"/…/'
"code":"N0760",…:"fuel is not given: coal is taken"
"code":"N0760",…:"period is not given: 2024 is taken"
"code":"N0763",…:"for factor burning(coal, 2024) the value of GLO, 2022 is taken"
"code":"N0763",…:"for factor grid(\"
"code":"N0764",…:"for factor water the default of the rule is taken"

# 1 t of coal burnt at 3 kgCO2e/kg, 1 MWh at 0.6 and 1 m3 of water at 0.3 kgCO2e, per tonne: 3000 + 600 + 0.3
$ zuji run factors.pcr p.json --factors f.csv --format ndjson --detail stages | grep -o '"total":{[^}]*}'
"total":{"value":3600.3,"unit":"kgCO2e/t","reported":"3600.30"}

# Equal rows: the first counts, and it is said.
$ printf 'rule ties {\n  declared 1 t\n  boundary gate_to_gate\n  data { output : t, rows : list of { n : number, mass : t } }\n  reference output\n  stage s : production { emit e = largest(r in rows: r.n).mass * 1 kgCO2e/t }\n}\n' > ties.pcr; printf '{"id": "two", "output": 1, "rows": [{"n": 1, "mass": 5}, {"n": 1, "mass": 7}]}\n{"id": "three", "output": 1, "rows": [{"n": 1, "mass": 5}, {"n": 1, "mass": 7}, {"n": 1, "mass": 9}]}\n' > ties.ndjson; zuji run ties.pcr ties.ndjson --format json | grep -o '"value":[0-9]*,"unit\|"code":"N[0-9]*"[^}]*"en":"[^"]*"' | sed 's/"severity.*"en"/…/'
"value":5,"unit
"value":1,"unit
"code":"N0765",…:"rows[1] and rows[2] are equal in `largest(r in rows: r.n)`: the first is taken"
"value":5,"unit
"value":1,"unit
"code":"N0765",…:"rows[1] and rows[2] are equal in `largest(r in rows: r.n)`: the first is taken"

# Chosen once for each row of another list: 5 t and 6 t, noted once.
$ printf 'rule more {\n  declared 1 t\n  boundary gate_to_gate\n  data { output : t, rows : list of { subs : list of { n : number, mass : t } } }\n  reference output\n  stage s : production { emit e = sum(r in rows: largest(s in r.subs: s.n).mass) * 1 kgCO2e/t }\n}\n' > more.pcr; printf '{"id": "p", "output": 1, "rows": [{"subs": [{"n": 1, "mass": 5}, {"n": 1, "mass": 7}]}, {"subs": [{"n": 2, "mass": 6}, {"n": 2, "mass": 7}]}]}\n' > more.json; zuji run more.pcr more.json --format json | grep -o '"total":{"value":[0-9]*\|"code":"N[0-9]*"[^}]*"en":"[^"]*"' | sed 's/"severity.*"en"/…/'
"total":{"value":11
"code":"N0766",…:"rows[1].subs[1] and rows[1].subs[2] are equal in `largest(s in r.subs: s.n)`, and likewise 1 more times: the first is taken"

# A text and a number longer than anybody's.
$ printf 'rule t { declared 1 t, boundary gate_to_gate, data { output : t, name : text }, reference output, stage s : production { emit e = if name == "a" then 1 kgCO2e else 2 kgCO2e } }' > t.pcr

$ long=$(head -c 65535 /dev/zero | tr '\0' a); printf '{"id": "p", "output": 1, "name": "%s"}\n{"id": "q", "output": 1, "name": "%sa"}\n' $long $long > long.ndjson; zuji run t.pcr long.ndjson --format csv --detail totals 2>&1 | cut -c1-100
id,number,status,kind,stage,name,value,reported,unit,share
p,1,ok,total,,total,2,2.00000,kgCO2e/t,1
q,2,error,,,,,,,
long.ndjson:2:34: [q] error[E0646]: the text is longer than 65535 bytes: "aaaaaaaaaaaaaaaaaaaaaaaaaa
1 of 2 products in error

$ long=$(head -c 1024 /dev/zero | tr '\0' a); printf '{"id": "%s", "output": 1, "name": "a"}\n{"id": "%sa", "output": 1, "name": "a"}\n' $long $long > long.ndjson; zuji run t.pcr long.ndjson --format csv --detail totals 2>&1 | sed 's/a\{1000,\}/LONG/'
id,number,status,kind,stage,name,value,reported,unit,share
LONG,1,ok,total,,total,1,1.00000,kgCO2e/t,1
2,2,error,,,,,,,
long.ndjson:2:8: [2] error[E0698]: the id of a product is longer than 1024 bytes: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…"
1 of 2 products in error

$ long=$(head -c 999 /dev/zero | tr '\0' 1); printf '{"id": "p", "output": 0.%s, "name": "a"}\n{"id": "q", "output": 0.%s, "name": "a"}\n' ${long%1} $long > long.ndjson; zuji run t.pcr long.ndjson --format csv --detail totals 2>&1 | cut -c1-100
id,number,status,kind,stage,name,value,reported,unit,share
p,1,ok,total,,total,9,9.00000,kgCO2e/t,1
q,2,error,,,,,,,
long.ndjson:2:23: [q] error[E0647]: the number is longer than 1000 characters: 0.1111111111111111111
1 of 2 products in error

