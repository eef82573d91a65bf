# explain: down to data and factors
$ zuji explain plant.pcr good.json
A small plant: two tonnes
total = 500 kgCO2e/t, reported 500
└─ Making (making) = 500 kgCO2e/t, reported 500  100.0 %
   ├─ Electricity (making.power) = 500 kgCO2e/t, reported 500  100.0 %
   │  │    = 1000 kgCO2e ÷ 2 t
   │  ├─ for all that the data cover [fossil] = 1000 kgCO2e
   │  │  │    = power * grid
   │  │  │    = 2000 kWh × 0.5 kgCO2e/kWh
   │  │  ├─ Electricity (power) = 2000 kWh [primary]
   │  │  └─ Electricity factor (grid) = 0.5 kgCO2e/kWh [secondary; source: draft]
   │  └─ what the data cover = 2 t
   │     │    = output
   │     └─ Product made (output) = 2 t [primary]
   └─ Heating oil (making.oil) not carried out
      └─ decided by `oil > 0 kg`: does not hold
         │    0 kg > 0 kg
         └─ Heating oil (oil) = 0 kg [not given, default of the rule]

# a flow, in Chinese
$ zuji explain plant.pcr good.json --product "with oil" --lang zh making.oil
小厂：with oil
燃料油（making.oil） = 160 kgCO2e/t，报出 160  24.2 %
│    = 320 kgCO2e ÷ 2 t
├─ 取决于“oil > 0 kg”：成立
│  │    100 kg > 0 kg
│  └─ 燃料油（oil） = 100 kg［次级数据］
├─ 数据范围内合计［化石］ = 320 kgCO2e［来源：draft］
│  │    = oil * 3.2 kgCO2e/kg
│  │    = 100 kg × 3.2 kgCO2e/kg
│  ├─ 燃料油（oil） = 100 kg［次级数据］
│  └─ 规则所定常数 = 3.2 kgCO2e/kg［来源：draft］
└─ 数据覆盖的数量 = 2 t
   │    = output
   └─ 产量（output） = 2 t［初级数据］

# rows: the largest and the rest; defaults, calls, shares, per cent
$ zuji explain bakery.pcr bakery.json baking.ingredients
A bakery: May
Ingredients (baking.ingredients) = 1.39650935374… kgCO2e/kg, reported 1.40  56.2 % [clause 6.1]
│    = 125.685841836… kgCO2e ÷ 90 kg
├─ for all that the data cover [fossil] = 125.685841836… kgCO2e
│  │    = 167.581122448… kgCO2e × 0.75
│  ├─ Ingredients (baking.ingredients) = 167.581122448… kgCO2e
│  │  │    = sum(i in ingredients: with_loss(i.mass) * (i.factor default ingredient(i.name)))
│  │  │    = 82.6530612244… kgCO2e + 65.3061224489… kgCO2e + 12.6530612244… kgCO2e +
│  │  │      4.89795918367… kgCO2e + 1.22448979591… kgCO2e + 0.846428571428… kgCO2e
│  │  ├─ butter (ingredients[3]) = 82.6530612244… kgCO2e  49.3 %
│  │  │  │    = with_loss(i.mass) * (i.factor default ingredient(i.name))
│  │  │  │    = 9.18367346938… kg × 9 kgCO2e/kg
│  │  │  ├─ with_loss = 9.18367346938… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 9 kg ÷ (100 % − 2 %)
│  │  │  │  │    Flour goes astray before it is weighed.
│  │  │  │  ├─ Mass (ingredients[3].mass) = 9 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredients[3].factor = 9 kgCO2e/kg [secondary]
│  │  ├─ flour (ingredients[1]) = 65.3061224489… kgCO2e  39.0 %
│  │  │  │    = 81.6326530612… kg × 0.8 kgCO2e/kg
│  │  │  ├─ with_loss = 81.6326530612… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 80 kg ÷ (100 % − 2 %)
│  │  │  │  ├─ Mass (ingredients[1].mass) = 80 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredient(flour) = 0.8 kgCO2e/kg [secondary; source: draft: a guess]
│  │  ├─ eggs (ingredients[7]) = 12.6530612244… kgCO2e  7.6 %
│  │  │  │    = 4.08163265306… kg × 3.1 kgCO2e/kg
│  │  │  ├─ with_loss = 4.08163265306… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 4 kg ÷ (100 % − 2 %)
│  │  │  │  ├─ Mass (ingredients[7].mass) = 4 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredients[7].factor = 3.1 kgCO2e/kg [primary; source: Farm Ltd]
│  │  ├─ sugar (ingredients[4]) = 4.89795918367… kgCO2e  2.9 %
│  │  │  │    = 6.12244897959… kg × 0.8 kgCO2e/kg
│  │  │  ├─ with_loss = 6.12244897959… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 6 kg ÷ (100 % − 2 %)
│  │  │  │  ├─ Mass (ingredients[4].mass) = 6 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredient(sugar) = 0.8 kgCO2e/kg [secondary; source: draft: a guess]
│  │  ├─ salt (ingredients[5]) = 1.22448979591… kgCO2e  0.7 %
│  │  │  │    = 1.53061224489… kg × 0.8 kgCO2e/kg
│  │  │  ├─ with_loss = 1.53061224489… kg [source: a baker's word]
│  │  │  │  │    = x / (1 - flour_loss)
│  │  │  │  │    = 1.5 kg ÷ (100 % − 2 %)
│  │  │  │  ├─ Mass (ingredients[5].mass) = 1.5 kg [primary]
│  │  │  │  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
│  │  │  └─ ingredient(salt) = 0.8 kgCO2e/kg [secondary; source: draft: a guess]
│  │  └─ 3 more rows, together = 0.846428571428… kgCO2e  0.5 %
│  └─ our share of baking = 0.75 [because: by mass]
│     │    bread / (bread + cake)
│     │    = 90 kg ÷ (90 kg + 30 kg)
│     ├─ Bread (bread) = 90 kg [primary]
│     └─ Cakes (cake) = 30 kg [primary]
└─ what the data cover = 90 kg
   │    = bread
   └─ Bread (bread) = 90 kg [primary]

# conditions and constants; narrow, in Chinese
$ COLUMNS=60 zuji explain bakery.pcr bakery.json baking.oven --lang zh
面包房：May
烤炉（baking.oven） = 0.966666666666… kgCO2e/kg，报出 0.967
│    38.9 %
│    = 87 kgCO2e ÷ 90 kg
│    条款 6.1
├─ 数据范围内合计［化石］ = 87 kgCO2e
│  │    = 116 kgCO2e × 0.75
│  ├─ 烤炉（baking.oven） = 116 kgCO2e［来源：draft］
│  │  │    = oven * (if is_green then 0.03 kgCO2e/kWh else
│  │  │      0.58 kgCO2e/kWh)
│  │  │    = 200 kWh × 0.58 kgCO2e/kWh
│  │  ├─ 烤炉用电（oven） = 200 kWh［初级数据］
│  │  ├─ 取决于“is_green”：不成立
│  │  │  └─ is_green = false［未填报，取规则缺省值］
│  │  └─ 规则所定常数 = 0.58 kgCO2e/kWh［来源：draft］
│  └─ 分摊至本产品的份额（baking） = 0.75［理由：按质量］
│     │    bread / (bread + cake)
│     │    = 90 kg ÷ (90 kg + 30 kg)
│     ├─ 面包（bread） = 90 kg［初级数据］
│     └─ 蛋糕（cake） = 30 kg［初级数据］
└─ 数据覆盖的数量 = 90 kg
   │    = bread
   └─ 面包（bread） = 90 kg［初级数据］

# all rows, in the order of the data
$ zuji explain bakery.pcr bakery.json dough --all
A bakery: May
dough = 149.510204081… kg
│    = with_loss(sum(i in ingredients: i.mass))
└─ with_loss = 149.510204081… kg [source: a baker's word]
   │    = x / (1 - flour_loss)
   │    = 146.52 kg ÷ (100 % − 2 %)
   │    Flour goes astray before it is weighed.
   ├─ x = 146.52 kg
   │  │    = sum(i in ingredients: i.mass)
   │  │    = 80 kg + 45 kg + 9 kg + 6 kg + … + 0.02 kg
   │  ├─ flour (ingredients[1]) = 80 kg  54.6 % [primary]
   │  │       = i.mass
   │  ├─ water (ingredients[2]) = 45 kg  30.7 % [primary]
   │  ├─ butter (ingredients[3]) = 9 kg  6.1 % [primary]
   │  ├─ sugar (ingredients[4]) = 6 kg  4.1 % [primary]
   │  ├─ salt (ingredients[5]) = 1.5 kg  1.0 % [primary]
   │  ├─ yeast (ingredients[6]) = 1 kg  0.7 % [primary]
   │  ├─ eggs (ingredients[7]) = 4 kg  2.7 % [primary]
   │  └─ vanilla (ingredients[8]) = 0.02 kg  0.0 % [primary]
   └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]

# of a call, those of its rows that are shown
$ zuji explain bakery.pcr bakery.json 计损耗 | tail -5
│  │    = x / (1 - flour_loss)
│  │    = 1.5 kg ÷ (100 % − 2 %)
│  ├─ Mass (ingredients[5].mass) = 1.5 kg [primary]
│  └─ Flour spilt (flour_loss) = 2 % [not given, default of the rule]
└─ 3 more rows

# a report; from the compiled rule
$ zuji build plant.pcr -o plant.pcrc && zuji explain plant.pcrc good.json intensity
A small plant: two tonnes
Electricity by product (intensity) = 1000 kWh/t, reported 1000.00
│    = power / output
│    = 2000 kWh ÷ 2 t
├─ Electricity (power) = 2000 kWh [primary]
└─ Product made (output) = 2 t [primary]

$ zuji explain plant.pcr good.json intensity --format json
{"nodes":[{"number":1,"kind":"item","item":"report","name":"intensity","title":{"en":"Electricity by product","zh":"单位电耗"},"file":"plant.pcr","line":23,"written":"power / output","figures":"2000 kWh ÷ 2 t","value":1000,"unit":"kWh/t","text":"1000 kWh/t","reported":"1000.00","origin":"primary","formula":{"op":"divide","value":1000,"unit":"kWh/t","text":"1000 kWh/t","operands":[{"node":2},{"node":3}]},"parts":[2,3]},{"number":2,"kind":"datum","name":"power","title":{"en":"Electricity","zh":"用电量"},"value":2000,"unit":"kWh","text":"2000 kWh","origin":"primary","ground":{"kind":"datum","name":"power","path":"power","primary":true},"parts":[]},{"number":3,"kind":"datum","name":"output","title":{"en":"Product made","zh":"产量"},"value":2,"unit":"t","text":"2 t","origin":"primary","ground":{"kind":"datum","name":"output","path":"output","primary":true},"parts":[]}]}

# what there is not
$ zuji explain plant.pcr good.json makin
! error[E0920]: the rule has nothing called `makin` to explain; did you mean `making`?
? 1

$ zuji explain plant.pcr good.json turbine --lang zh
! 错误[E0919]：规则中没有可说明的“turbine”
? 1

$ zuji explain plant.pcr good.json --product 'no such'
! error[E0908]: the data have no product `no such`
? 1

# what travels in the compiled rule
$ zuji inspect bakery.pcr | sed -n '/^formulas/,/^$/p'
formulas
  0: argument x = sum(i in ingredients: i.mass): %39
  1: function with_loss = x / (1 - flour_loss): %40 mentions 0 cite "a baker's word"
  2: let dough = with_loss(sum(i in ingredients: i.mass)): %40 mentions 1
  3: function with_loss = x / (1 - flour_loss): %33 cite "a baker's word"
  4: flow baking.ingredients = sum(i in ingredients: with_loss(i.mass) * (i.factor default ingredient(i.name))): %41 mentions 3
  5: share baking = bread / (bread + cake): %15
  6: amount baking.ingredients = sum(i in ingredients: with_loss(i.mass) * (i.factor default ingredient(i.name))): %43, %42 mentions 4, 5
  7: flow baking.oven = oven * (if is_green then 0.03 kgCO2e/kWh else 0.58 kgCO2e/kWh): %20 cite "draft"
  8: amount baking.oven = oven * (if is_green then 0.03 kgCO2e/kWh else 0.58 kgCO2e/kWh): %21, %20 mentions 5, 7 cite "draft"
  9: when baking.waste = dough > 100 kg: %44 mentions 2
  10: flow baking.waste = (dough - bread - cake) * 0.5 kgCO2e/kg: %48 mentions 2 cite "draft"
  11: amount baking.waste = (dough - bread - cake) * 0.5 kgCO2e/kg: %49, %48 mentions 5, 9, 10 cite "draft"
  12: report yield = (bread + cake) / dough: %54 mentions 2
  13: reference reference = bread: %12

# a sheet: whatever the data say, only what Zuji writes is a formula
$ zuji explain plant.pcr good.json --product "with oil" --format csv | tail -c +4 | tr -d '\r'
"item","title","kind","written","entry","value","unit","zuji","difference","reported","clause","source","place"
"plant","A small plant: with oil","rule and product","1.0",,,,,,,,,
,"lines that differ from Zuji's values","check",,"formula",=SUMPRODUCT(--(I4:I16<>0)),"1",0,=F3-H3,,,,
"total","total","total","","formula",=F5,"kgCO2e/t",660,=IF(ABS(F4-H4)<10^-7;0;F4-H4),"660","","",""
"making","Making","stage","","formula",=SUM(F6:F7),"kgCO2e/t",660,=IF(ABS(F5-H5)<10^-7;0;F5-H5),"660","","",""
"making.power","Electricity","flow","","formula",=F8/F9,"kgCO2e/t",500,=IF(ABS(F6-H6)<10^-7;0;F6-H6),"500","","",""
"making.oil","Heating oil","flow","","formula",=IF(F13;F14/F9;0),"kgCO2e/t",160,=IF(ABS(F7-H7)<10^-7;0;F7-H7),"160","","",""
"making.power","for all that the data cover [fossil]","amount","power * grid","formula",=F10*F11,"kgCO2e",1000,=IF(ABS(F8-H8)<10^-6;0;F8-H8),,"","","plant.pcr:18"
"reference","what the data cover","reference","output","formula",=F12,"t",2,=IF(ABS(F9-H9)<10^-9;0;F9-H9),,"","","plant.pcr:13"
"power","Electricity","datum","2000 kWh","input",2000,"kWh",2000,=IF(ABS(F10-H10)<10^-6;0;F10-H10),,"","primary",""
"grid","Electricity factor","factor","grid","input",0.5,"kgCO2e/kWh",0.5,=IF(ABS(F11-H11)<10^-10;0;F11-H11),,"","secondary; source: draft","plant.pcr:18"
"output","Product made","datum","2 t","input",2,"t",2,=IF(ABS(F12-H12)<10^-9;0;F12-H12),,"","primary",""
"making.oil","decided by `oil > 0 kg`","condition","oil > 0 kg","formula",=IF(0<F15;1;0),"",1,=IF(ABS(F13-H13)<10^-9;0;F13-H13),,"","","plant.pcr:19"
"making.oil","for all that the data cover [fossil]","amount","oil * 3.2 kgCO2e/kg","formula",=F15*F16,"kgCO2e",320,=IF(ABS(F14-H14)<10^-7;0;F14-H14),,"","source: draft","plant.pcr:19"
"oil","Heating oil","datum","100 kg","input",100,"kg",100,=IF(ABS(F15-H15)<10^-7;0;F15-H15),,"","secondary",""
"making.oil","constant of the rule","constant","3.2 kgCO2e/kg","input",3.2,"kgCO2e/kg",3.2,=IF(ABS(F16-H16)<10^-9;0;F16-H16),,"","source: draft","plant.pcr:19"

$ zuji explain bakery.pcr bakery.json yield --format csv --lang zh | tail -c +4 | tr -d '\r' | head -12
"项目","名称","类别","原式","填法","数值","单位","Zuji 数值","差值","报出值","条款","来源","规则位置"
"bakery","面包房：May","规则与产品","1.0",,,,,,,,,
,"与 Zuji 数值不同的行数","核对",,"公式",=SUMPRODUCT(--(I4:I26<>0)),"1",0,=F3-H3,,,,
"yield","得率","另报","(bread + cake) / dough","公式",=(F5+F6)/F7,"1",0.8026208026208026,=IF(ABS(F4-H4)<10^-10;0;F4-H4),"80.2621 %","","","bakery.pcr:35"
"bread","面包","数据","90 kg","输入",90,"kg",90,=IF(ABS(F5-H5)<10^-8;0;F5-H5),,"","初级数据",""
"cake","蛋糕","数据","30 kg","输入",30,"kg",30,=IF(ABS(F6-H6)<10^-8;0;F6-H6),,"","初级数据",""
"dough","面团","设","with_loss(sum(i in ingredients: i.mass))","公式",=F8,"kg",149.51020408163265,=IF(ABS(F7-H7)<10^-7;0;F7-H7),,"","","bakery.pcr:25"
"with_loss","计损耗","函数","x / (1 - flour_loss)","公式",=F9/(1-F10),"kg",149.51020408163265,=IF(ABS(F8-H8)<10^-7;0;F8-H8),,"","来源：a baker's word","bakery.pcr:24"
"x","x","参数","sum(i in ingredients: i.mass)","公式",=SUM(F11:F18),"kg",146.52,=IF(ABS(F9-H9)<10^-7;0;F9-H9),,"","","bakery.pcr:25"
"flour_loss","面粉损耗","数据","2 %","输入",0.02,"1",0.02,=IF(ABS(F10-H10)<10^-11;0;F10-H10),,"","未填报，取规则缺省值","bakery.pcr:24"
"ingredients[1]","flour","行","i.mass","公式",=F19,"kg",80,=IF(ABS(F11-H11)<10^-8;0;F11-H11),,"","","bakery.pcr:25"
"ingredients[2]","water","行","i.mass","公式",=F20,"kg",45,=IF(ABS(F12-H12)<10^-8;0;F12-H12),,"","","bakery.pcr:25"

$ sed 's/"flour"/"=1+1"/' bakery.json > hostile.json && zuji explain bakery.pcr hostile.json dough --format csv | grep 1+1
"ingredients[1]","'=1+1","row","i.mass","formula",=F16,"kg",80,=IF(ABS(F8-H8)<10^-8;0;F8-H8),,"","","bakery.pcr:25"

$ zuji explain plant.pcr good.json --format xlsx
! error[E0905]: --format takes text|json|html|csv
? 2

# of a product in error, and of what is not carried out
$ sed 's/"bread": 90/"bread": -90/' bakery.json > broken.json && zuji explain bakery.pcr broken.json --format csv
! broken.json:1:24: [May] error[E0649]: -90 is negative (bread)
? 1

$ zuji explain plant.pcr good.json making.oil --format csv | tail -c +4 | tr -d '\r' | cut -d, -f1-8
"item","title","kind","written","entry","value","unit","zuji"
"plant","A small plant: two tonnes","rule and product","1.0",,,,
,"lines that differ from Zuji's values","check",,"formula",=SUMPRODUCT(--(I4:I6<>0)),"1",0
"making.oil","Heating oil","flow","","formula",=IF(F5;NA();0),"",
"making.oil","decided by `oil > 0 kg`","condition","oil > 0 kg","formula",=IF(0<F6;1;0),"",0
"oil","Heating oil","datum","0 kg","input",0,"kg",0

$ zuji explain plant.pcr good.json making.oil --format csv -o oil.csv && head -c 3 oil.csv | od -An -tx1
 ef bb bf

# what a check asks for under a condition only: run by both engines, and explained
$ zuji build guarded.pcr -o guarded.pcrc && for o in "" --exact; do zuji run guarded.pcrc guarded.ndjson --format ndjson $o 2> guarded.notes$o > guarded$o.out; done; cmp guarded.out guarded--exact.out; cmp guarded.notes guarded.notes--exact; sed 's/^guarded.pcr:[0-9:]* //' guarded.notes
[none] error[E0709]: more than one; the value is 0 kg (require)
[pressed] error[E0709]: pressing; the two sides are 60 kg and 50 kg (making.require)
[pressed] error[E0709]: lots; the two sides are 9 kg and 9 kg; in lots.require (lots[2])
[warned] warning[W0750]: making
2 of 5 products in error

$ zuji explain guarded.pcrc guarded.ndjson --product warned making.require
Guarded: warned
decided by `steel > 10 kg`: does not hold
│    6 kg > 10 kg
└─ steel = 6 kg [secondary]

$ zuji explain guarded.pcr guarded.ndjson --product warned --lang zh lots.require
有条件：warned
取决于“l.old and steel > 1 kg”：
└─ 取决于“l.old and steel > 1 kg”：不成立
   └─ lots[1].old = false［次级数据］

$ zuji explain guarded.pcr guarded.ndjson --product warned --lang zh require
有条件：warned
取决于“kettles > 1 item”：成立
│    2 item > 1 item
└─ kettles = 2 item［次级数据］

# Of a default the condition is the datum: given or not, in the words of that.
$ printf 'rule d {\n declared 1 kg\n boundary gate_to_gate\n data { made : kg, own : kgCO2e/kg optional }\n reference made\n factor f : kgCO2e/kg split fossil, biogenic\n stage s : production { emit e = made * (own default f) }\n}\n' > default.pcr; printf 'factor,value,fossil,biogenic,unit,source\nf,3,2,1,kgCO2e/kg,a\n' > default.csv; echo '{"id": "a", "made": 3}' > default.json; zuji explain default.pcr default.json --factors default.csv | grep decided; zuji explain default.pcr default.json --factors default.csv --lang zh | grep -c 未填报
      │  │  └─ decided by `own`: not given
      │     ├─ decided by `own`: not given
      │  ├─ decided by `own`: not given
3

# Rows that are called by a choice without titles have its names, in either language.
$ printf 'choice Way { road, rail }\nrule r {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg, legs: list of { way: Way, done: t·km } }\n    reference out\n    stage s : production { emit x = sum(l in legs: l.done * 0.1 kgCO2e/(t·km)) }\n    names { road 公路, rail 铁路 }\n}\n' > legs.pcr && printf '{"out":2,"legs":[{"way":"铁路","done":30},{"way":"road","done":10}]}' > legs.json
$ for l in en zh; do zuji explain legs.pcr legs.json s.x --lang $l 2> /dev/null | grep 'legs\[.\])\|legs\[.\]）'; done
│  ├─ rail (legs[1]) = 3 kgCO2e  75.0 %
│  └─ road (legs[2]) = 1 kgCO2e  25.0 %
│  ├─ 铁路（legs[1]） = 3 kgCO2e  75.0 %
│  └─ 公路（legs[2]） = 1 kgCO2e  25.0 %
