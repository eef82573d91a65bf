# The Chinese file is the same rule: the same semantic hash, the same result. (Other places of the source make another file.)
$ for r in primary_aluminium primary_aluminium.zh; do zuji build "$ROOT/rules/metals/$r.pcr" -o $r.pcrc; done

$ for r in primary_aluminium primary_aluminium.zh; do zuji run $r.pcrc "$ROOT/rules/metals/examples/thousand_tonnes.json" --factors "$ROOT/rules/factors" --format json --detail stages | sed 's/"file":"[0-9a-f]*"//' > $r.json; done; cmp primary_aluminium.json primary_aluminium.zh.json

$ for r in landfill landfill.zh; do zuji build "$ROOT/rules/waste/$r.pcr" -o $r.pcrc; zuji run $r.pcrc "$ROOT/rules/waste/examples/landfill.json" --format csv > $r.csv 2> /dev/null; done; cmp landfill.csv landfill.zh.csv

# std.recycling: vectors of the Circular Footprint Formula, a closed loop that does not depend on A.
$ zuji test cff.pcr
cff.pcr: 1 of 1 examples pass

# Every rule that is written in both languages is one rule.
$ for z in "$ROOT"/rules/*/*.zh.pcr; do for r in "$z" "${z%.zh.pcr}.pcr"; do zuji build "$r" -o twin.pcrc; zuji inspect twin.pcrc | grep '^ *hash'; done | sort -u | wc -l; done | sort | uniq -c | sed 's/^ *[0-9]* //'
1

# A row that is looked up rests on the list that was not given.
$ zuji run landfill.pcrc "$ROOT/rules/waste/examples/landfill.json" --product "no recovery" --format json 2> /dev/null | grep -o '"absent_lists":.{"name":"recovery"'
"absent_lists":[{"name":"recovery"

# The issue's figures: 1000 t from centre-worked prebake cells, 0.2 anode-effect minutes a cell-day.
$ grep -o '"cf4_mass":{"value":[0-9.]*' primary_aluminium.json; grep -o '"c2f6_mass":{"value":[0-9.]*' primary_aluminium.json
"cf4_mass":{"value":28.6
"c2f6_mass":{"value":3.4606

# The same source in two folders gives the same bytes, wherever it is built from.
$ mkdir a b; cp -R "$ROOT/rules" a; cp -R "$ROOT/rules" b/deeper; zuji build a/rules/textiles/garment.pcr -o one.pcrc; (cd b/deeper/textiles && zuji build garment.pcr -o ../../../two.pcrc); cmp one.pcrc two.pcrc

# Budget of one product: at its cost it runs, one below it is refused with the numbers, and only that product.
$ printf '{"id": "small", "output": 1, "items": []}\n{"id": "large", "output": 1, "items": [{"mass": 1}, {"mass": 2}]}\n' > lists.ndjson; zuji inspect lists.pcr | grep '^cost'
cost of a product at most 3 + 3·items

$ zuji run lists.pcr lists.ndjson --cost-limit 9 --format csv --detail totals
id,number,status,kind,stage,name,value,reported,unit,share
small,1,ok,total,,total,0,0,kgCO2e/t,0
large,2,ok,total,,total,6000,6000.00,kgCO2e/t,1

$ zuji run lists.pcr lists.ndjson --cost-limit 8 --format csv --detail totals
id,number,status,kind,stage,name,value,reported,unit,share
small,1,ok,total,,total,0,0,kgCO2e/t,0
large,2,error,,,,,,,
! [large] error[E0715]: this product costs 9, more than 8: items 2; the cost is 3 + 3·items
! 1 of 2 products in error
? 1

