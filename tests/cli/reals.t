# Numbers that are no fractions are compared, looked up, picked, rounded and reported as the real numbers they are:
# sqrt(2) * sqrt(2) is 2, and 37.25 and 4.25, which are exactly half-way, are rounded to the even digit.
$ zuji run --exact roots.pcr roots.json --format csv | cut -d, -f1,4,6-8
id,kind,name,value,reported
a,total,total,6.1,6.1
a,stage,works,6.1,6.1
a,flow,steps,5,5.0
a,flow,sides,0.1,0.1
a,flow,grown,1,1.0
a,category,fossil,6.1,6.1
a,gas,CO2e,6.1,6.1
a,phase,production,6.1,6.1
a,report,whole,2,2.00000
a,report,most,0.05,0.0500000
b,total,total,37.25,37.2
b,stage,works,37.25,37.2
b,flow,steps,30,30.0
b,flow,sides,4.25,4.2
b,flow,grown,3,3.0
b,category,fossil,37.25,37.2
b,gas,CO2e,37.25,37.2
b,phase,production,37.25,37.2
b,report,whole,3,3.00000
b,report,most,2.125,2.12500

$ zuji run roots.pcr roots.json --format csv > fast.csv; zuji run --exact roots.pcr roots.json --format csv | cmp - fast.csv

# Equal rows are noted, if they are equal as roots only: 0.05 in both rows of a.
$ zuji run roots.pcr roots.json --format json | grep -o '"code":"N0765"[^}]*"en":"[^"]*"' | sed 's/"severity.*"en"/…/'
"code":"N0765",…:"rows[1] and rows[2] are equal in `largest(r in rows: sqrt(r.side) * sqrt(4 * r.side))`: the first is taken"

# What cancels is 0 in all figures, however the terms were found.
$ printf 'rule r {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg }\n    reference out\n    stage s : production {\n        emit x = out * 3 ^ 0.5 * 1 kgCO2e/kg\n        remove y = out * (12 ^ 0.5 - 3 ^ 0.5) * 1 kgCO2e/kg\n    }\n    round total to multiples of 2 kgCO2e/kg\n}\n' > cancel.pcr && printf '{"out":3}' > cancel.json
$ zuji run cancel.pcr cancel.json --format json | grep -o '"total":{[^}]*}'
"total":{"value":0,"unit":"kgCO2e/kg","reported":"0","decimal":"0"}
