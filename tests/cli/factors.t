# A database is taken like the files that it was made of; so is a folder. Data name rows in either language.
$ printf '{"id": "June", "bread": 90, "cake": 30, "oven": 0, "ingredients": [{"name": "面粉", "mass": 80}, {"name": "butter", "mass": 9}]}' > june.json; mkdir set; cp ingredients.csv set/

$ zuji factors check ingredients.csv

$ zuji factors import set -o f.db; for f in ingredients.csv set f.db; do zuji run bakery.pcr june.json --factors $f --format ndjson; done
{"id":"June","status":"ok","total":{"value":1.130952380952381,"unit":"kgCO2e/kg","reported":"1.13"},"notes":[]}
{"id":"June","status":"ok","total":{"value":1.130952380952381,"unit":"kgCO2e/kg","reported":"1.13"},"notes":[]}
{"id":"June","status":"ok","total":{"value":1.130952380952381,"unit":"kgCO2e/kg","reported":"1.13"},"notes":[]}

$ zuji explain bakery.pcr june.json --factors f.db baking.ingredients
A bakery: June
Ingredients (baking.ingredients) = 1.13095238095… kgCO2e/kg, reported 1.13  100.0 % [clause 6.1]
│    = 101.785714285… kgCO2e ÷ 90 kg
├─ for all that the data cover [fossil] = 101.785714285… kgCO2e
│  │    = 135.714285714… kgCO2e × 0.75
│  ├─ Ingredients (baking.ingredients) = 135.714285714… kgCO2e
│  │  │    = sum(i in ingredients: with_loss(i.mass) * (i.factor default ingredient(i.name)))
│  │  │    = 82.6530612244… kgCO2e + 53.0612244897… kgCO2e
│  │  ├─ butter (ingredients[2]) = 82.6530612244… kgCO2e  60.9 %
│  │  │  │    = with_loss(i.mass) * (i.factor default ingredient(i.name))
│  │  │  │    = 9.18367346938… kg × 9 kgCO2e/kg
│  │  │  ├─ with_loss = 9.18367346938… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 9 kg ÷ (100 % − 2 %)
│  │  │  │  │    Flour goes astray before it is weighed.
│  │  │  │  ├─ Mass (ingredients[2].mass) = 9 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredient(butter) = 9 kgCO2e/kg
│  │  │          secondary; source: draft: order of magnitude; licence: CC0-1.0; draft value
│  │  └─ 面粉 (ingredients[1]) = 53.0612244897… kgCO2e  39.1 %
│  │     │    = 81.6326530612… kg × 0.65 kgCO2e/kg
│  │     ├─ with_loss = 81.6326530612… kg [source: a baker's word]
│  │     │  │    = x / (1 - flour_loss)
│  │     │  │    = 80 kg ÷ (100 % − 2 %)
│  │     │  ├─ Mass (ingredients[1].mass) = 80 kg [primary]
│  │     │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │     └─ ingredient(面粉) = 0.65 kgCO2e/kg
│  │             secondary; source: Mill, 2024; licence: CC BY 4.0; published value
│  └─ our share of baking = 0.75 [because: by mass]
│     │    bread / (bread + cake)
│     │    = 90 kg ÷ (90 kg + 30 kg)
│     ├─ Bread (bread) = 90 kg [primary]
│     └─ Cakes (cake) = 30 kg [primary]
└─ what the data cover = 90 kg
   │    = bread
   └─ Bread (bread) = 90 kg [primary]

$ zuji explain bakery.pcr june.json --factors f.db --lang zh baking.ingredients
面包房：June
配料（baking.ingredients） = 1.13095238095… kgCO2e/kg，报出 1.13  100.0 %［条款 6.1］
│    = 101.785714285… kgCO2e ÷ 90 kg
├─ 数据范围内合计［化石］ = 101.785714285… kgCO2e
│  │    = 135.714285714… kgCO2e × 0.75
│  ├─ 配料（baking.ingredients） = 135.714285714… kgCO2e
│  │  │    = sum(i in ingredients: with_loss(i.mass) * (i.factor default ingredient(i.name)))
│  │  │    = 82.6530612244… kgCO2e + 53.0612244897… kgCO2e
│  │  ├─ butter（ingredients[2]） = 82.6530612244… kgCO2e  60.9 %
│  │  │  │    = with_loss(i.mass) * (i.factor default ingredient(i.name))
│  │  │  │    = 9.18367346938… kg × 9 kgCO2e/kg
│  │  │  ├─ 计损耗（with_loss） = 9.18367346938… kg［来源：a baker's word］
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 9 kg ÷ (100 % − 2 %)
│  │  │  │  │    Flour goes astray before it is weighed.
│  │  │  │  ├─ 质量（ingredients[2].mass） = 9 kg［初级数据］
│  │  │  │  └─ 面粉损耗（flour_loss） = 2 %［未填报，取规则缺省值］
│  │  │  └─ ingredient(butter) = 9 kgCO2e/kg
│  │  │          次级数据；来源：draft: order of magnitude；许可：CC0-1.0；草案值
│  │  └─ 面粉（ingredients[1]） = 53.0612244897… kgCO2e  39.1 %
│  │     │    = 81.6326530612… kg × 0.65 kgCO2e/kg
│  │     ├─ 计损耗（with_loss） = 81.6326530612… kg［来源：a baker's word］
│  │     │  │    = x / (1 - flour_loss)
│  │     │  │    = 80 kg ÷ (100 % − 2 %)
│  │     │  ├─ 质量（ingredients[1].mass） = 80 kg［初级数据］
│  │     │  └─ 面粉损耗（flour_loss） = 2 %［未填报，取规则缺省值］
│  │     └─ ingredient(面粉) = 0.65 kgCO2e/kg
│  │             次级数据；来源：Mill, 2024；许可：CC BY 4.0；已发布值
│  └─ 分摊至本产品的份额（baking） = 0.75［理由：按质量］
│     │    bread / (bread + cake)
│     │    = 90 kg ÷ (90 kg + 30 kg)
│     ├─ 面包（bread） = 90 kg［初级数据］
│     └─ 蛋糕（cake） = 30 kg［初级数据］
└─ 数据覆盖的数量 = 90 kg
   │    = bread
   └─ 面包（bread） = 90 kg［初级数据］

$ zuji explain bakery.pcr june.json --factors f.db --format json | grep -o '"id":"i2"\|"status":"draft"\|"licence":"CC0-1.0"' | sort | uniq -c
      1 "id":"i2"
      1 "licence":"CC0-1.0"
      1 "status":"draft"

$ zuji run bakery.pcr june.json --factors f.db --format json | grep -o '"status":"published","id":"i1"'
"status":"published","id":"i1"

$ zuji sensitivity bakery.pcr june.json --factors f.db --top 3 --format csv
id,row,scope,kind,name,rows,value,per,derivative,unit,elasticity,at_kink,rounded,partial
June,,single,datum,bread,1,90,kg,-0.009424603174603174,kgCO2e/kg,-0.75,0,0,0
June,,single,datum,ingredients[2].mass,1,9,kg,0.07653061224489796,kgCO2e/kg,0.6090225563909775,0,0,0
June,,single,factor,ingredient(butter),1,9,kgCO2e/kg,0.07653061224489796,kgCO2e/kg,0.6090225563909775,0,0,0
June,,group,factor,ingredient,2,,kgCO2e/kg,0.7568027210884354,kgCO2e/kg,1,0,0,0
June,,group,datum,ingredients.mass,2,,kg,0.0820578231292517,kgCO2e/kg,1,0,0,0
June,,group,datum,bread,1,,kg,-0.009424603174603174,kgCO2e/kg,-0.75,0,0,0

# made of databases, again; with rows that are there already it is refused, with the file and line of both
$ zuji factors import f.db -o g.db; cmp f.db g.db && echo same
same

$ zuji factors import f.db ingredients.csv -o g.db
! ingredients.csv:2:1: error[E0822]: a second row with the id `i1`; the first is at f.db:set/ingredients.csv:2
! ingredients.csv:2:1: error[E0807]: the factor `ingredient` has a row with the same keys at f.db:set/ingredients.csv:2
! ingredients.csv:3:1: error[E0822]: a second row with the id `i2`; the first is at f.db:set/ingredients.csv:3
! ingredients.csv:3:1: error[E0807]: the factor `ingredient` has a row with the same keys at f.db:set/ingredients.csv:3
? 1

$ zuji factors import f.db ingredients.csv -o g.db --lang zh
! ingredients.csv:2:1: 错误[E0822]：id“i1”重复；前一行在 f.db:set/ingredients.csv:2
! ingredients.csv:2:1: 错误[E0807]：因子“ingredient”在 f.db:set/ingredients.csv:2 已有键相同的行
! ingredients.csv:3:1: 错误[E0822]：id“i2”重复；前一行在 f.db:set/ingredients.csv:3
! ingredients.csv:3:1: 错误[E0807]：因子“ingredient”在 f.db:set/ingredients.csv:3 已有键相同的行
? 1

$ zuji run bakery.pcr june.json --factors f.db --factors ingredients.csv
! ingredients.csv:2:1: error[E0807]: the factor `ingredient` has a row with the same keys at f.db:set/ingredients.csv:2
! ingredients.csv:3:1: error[E0807]: the factor `ingredient` has a row with the same keys at f.db:set/ingredients.csv:3
? 1

# what is no database, no file, no command
$ printf 'SQLite format 3\000 and so on' > bad.db; zuji run bakery.pcr june.json --factors bad.db
! bad.db: error[E0823]: bad.db is no database of factors: file is not a database
? 1

$ zuji factors check nothing.csv
! error[E0901]: cannot open nothing.csv: there is no such file or folder
? 3

$ zuji factors import ingredients.csv -o nowhere/f.db
! error[E0901]: cannot open nowhere/f.db: there is no such file or folder
? 3

$ zuji factors
! error[E0906]: `zuji factors` needs import FILE… -o DB | check FILE…
? 2

$ zuji factors import ingredients.csv --lang zh
! 错误[E0906]：`zuji factors` 需要 -o DB
? 2

$ zuji factors check
! error[E0906]: `zuji factors` needs FILE
? 2

# a table with headers of its own
$ printf 'Produit;Valeur\nfarine;0.65\nbeurre;9\n' > table.csv; printf '{"factor": "ingredient", "name": {"column": "Produit", "values": {"farine": "flour", "beurre": "butter"}}, "value": {"column": "Valeur"}, "unit": "kgCO2e/kg", "name.zh": {"column": "Produit", "values": {"farine": "面粉", "beurre": "黄油"}}}' > map.json; zuji factors import table.csv --mapping map.json -o t.db; zuji run bakery.pcr june.json --factors t.db --format ndjson
{"id":"June","status":"ok","total":{"value":1.130952380952381,"unit":"kgCO2e/kg","reported":"1.13"},"notes":[]}

$ zuji factors import table.csv --mapping none.json -o t.db
! error[E0901]: cannot open none.json: there is no such file or folder
? 3

$ zuji factors import table.csv -o t.db
! table.csv:1:1: error[E0669]: the column `factor` is missing
! table.csv:1:1: error[E0669]: the column `value` is missing
? 1

# what is a draft is marked
$ zuji run bakery.pcr june.json --factors ingredients.csv | grep ingredient
    ingredient(butter) = 9 kgCO2e/kg (draft)                   60.9 %
    ingredient(面粉) = 0.65 kgCO2e/kg                          39.1 %

$ zuji run bakery.pcr june.json --factors ingredients.csv --lang zh | grep ingredient
    ingredient(butter) = 9 kgCO2e/kg（草案）       60.9 %
    ingredient(面粉) = 0.65 kgCO2e/kg              39.1 %

# A family without rows is missed where it is asked for: that product fails, in the words of either language; the others go on.
$ printf 'factor,value,unit\nwater,0.3,kgCO2e/t\n' > water.csv; printf 'factor,name,value,unit\ningredients,flour,0.6,kgCO2e/kg\n' > other.csv

$ zuji run oven.pcr oven.ndjson --factors water.csv --factors other.csv --format ndjson | cut -c1-500
{"id":"May","status":"error","total":null,"notes":[{"code":"E0801","severity":"error","path":"ingredients[1]","row":1,"file":"oven.pcr","line":9,"column":59,"args":["ingredient(\"flour\")","water.csv, other.csv","ingredient","kgCO2e/kg"],"text":{"en":"no factor ingredient(\"flour\"): there is no row of `ingredient` (in kgCO2e/kg) in water.csv, other.csv; in baking.ingredients","zh":"没有因子 ingredient(\"flour\")：water.csv, other.csv 中没有“ingredient”的任何一行（单位 kgCO2e
{"id":"June","status":"ok","total":{"value":0.0003,"unit":"kgCO2e/kg","reported":"0.000300000"},"notes":[]}
! oven.pcr:9:59: [May] error[E0801]: no factor ingredient("flour"): there is no row of `ingredient` (in kgCO2e/kg) in water.csv, other.csv; in baking.ingredients (ingredients[1])
! 1 of 2 products in error

$ zuji run oven.pcr oven.ndjson --factors water.csv --lang zh --format csv --detail totals 2>&1
id,number,status,kind,stage,name,value,reported,unit,share
May,1,error,,,,,,,
oven.pcr:9:59: [May] 错误[E0801]：没有因子 ingredient("flour")：water.csv 中没有“ingredient”的任何一行（单位 kgCO2e/kg）；见 baking.ingredients (ingredients[1])
June,2,ok,total,,total,0.0003,0.000300000,kgCO2e/kg,1
2 个产品中有 1 个出错
? 1

$ mkdir both; cp water.csv other.csv both; zuji run oven.pcr oven.ndjson --factors both --format csv --detail totals 2>&1 | grep E0801
oven.pcr:9:59: [May] error[E0801]: no factor ingredient("flour"): there is no row of `ingredient` (in kgCO2e/kg) in both; in baking.ingredients (ingredients[1])

$ zuji run oven.pcr oven.ndjson --factors other.csv --format csv --detail totals 2>&1
warning[W0829]: there is no row of any factor of the rule in other.csv; its factors: water, ingredient
id,number,status,kind,stage,name,value,reported,unit,share
May,1,error,,,,,,,
oven.pcr:10:36: [May] error[E0801]: no factor water: there is no row of `water` (in kgCO2e/t) in other.csv (baking.water)
oven.pcr:9:59: [May] error[E0801]: no factor ingredient("flour"): there is no row of `ingredient` (in kgCO2e/kg) in other.csv; in baking.ingredients (ingredients[1])
June,2,error,,,,,,,
oven.pcr:10:36: [June] error[E0801]: no factor water: there is no row of `water` (in kgCO2e/t) in other.csv (baking.water)
2 of 2 products in error
? 1

$ printf 'value,factor,name,unit\n0.6,ingredient,flour,kgCO2e/kg\n' > own.csv; zuji test oven.pcr
oven.pcr: 1 of 1 examples pass

# Of two files with one row neither goes before the other.
$ cp own.csv again.csv; zuji run oven.pcr oven.ndjson --factors own.csv --factors water.csv --factors again.csv 2>&1
again.csv:2:1: error[E0807]: the factor `ingredient` has a row with the same keys at own.csv:2
? 1

# Values that a choice has are listed in the language of the message, as data may spell them, with the other spelling behind.
$ printf 'choice Mode { truck, rail, ship = "sea ship" }\nrule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { made : kg, mode : Mode "Way" zh "运输方式" }\n  reference made\n  factor way(mode: Mode) : kgCO2e/kg\n  stage s : production { emit e = made * way(mode) }\n  names { truck 货车, rail 铁路 }\n}\n' > modes.pcr; printf '{"made": 1, "mode": "aeroplane"}' > modes.json; printf 'factor,mode,value,unit\nway,飞机,1,kgCO2e/kg\nway,货运,1,kgCO2e/kg\n' > modes.csv

$ for l in en zh; do zuji run modes.pcr modes.json --lang $l 2>&1 | grep E064; zuji run modes.pcr modes.json --factors modes.csv --lang $l 2>&1; done
modes.json:1:21: [1] error[E0644]: "aeroplane" is not a value of Mode, which has truck, rail, sea ship (mode)
modes.csv:2:5: error[E0644]: 飞机 is not a value of Mode, which has truck, rail, sea ship
modes.csv:3:5: error[E0645]: 货运 is not a value of Mode; did you mean `货车`?
modes.json:1:21: [1] 错误[E0644]："aeroplane" 不是运输方式的取值；可取：货车（truck）、铁路（rail）、sea ship (mode)
modes.csv:2:5: 错误[E0644]：飞机 不是 Mode 的取值；可取：货车（truck）、铁路（rail）、sea ship
modes.csv:3:5: 错误[E0645]：货运 不是 Mode 的取值；是否指“货车”？
? 1

# So is a member that is taken by default; programs get the spelling of the data.
$ sed 's/mode : Mode/mode : Mode = rail/' modes.pcr > taken.pcr; printf 'factor,mode,value,unit\nway,rail,1,kgCO2e/kg\n' > rail.csv; printf '{"made": 1}' > made.json; for l in en zh; do zuji run taken.pcr made.json --factors rail.csv --lang $l | grep 'not given\|未填报'; done; zuji run taken.pcr made.json --factors rail.csv --format ndjson --detail full | grep -o '"args":\["mode[^]]*\]'
    mode is not given: rail is taken
    未填报 mode，取铁路（rail）
"args":["mode","rail"]


# A key that is spelt nearly so is asked about.
$ sed 's/flour/fluor/' ingredients.csv > near.csv; for l in en zh; do zuji run oven.pcr oven.ndjson --factors near.csv --lang $l 2>&1 > /dev/null | grep -o '.\[.*E0708.*' | head -1; done
 [May] error[E0708]: no factor ingredient("flour") in near.csv; did you mean `fluor`?; in baking.ingredients (ingredients[1])
 [May] 错误[E0708]：near.csv 中没有因子 ingredient("flour")；是否为“fluor”？；见 baking.ingredients (ingredients[1])
