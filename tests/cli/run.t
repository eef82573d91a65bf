# run: text, from the source
$ zuji run plant.pcr good.json
A small plant: two tonnes
  500 kgCO2e per 1 t of product
  stages
    Making                          500  100.0 % ████████████████████
      Electricity                   500  100.0 % ████████████████████
      Heating oil                     –
  categories
    fossil                          500  100.0 % ████████████████████
  gases
    CO2e                            500  100.0 % ████████████████████
  reported besides
    Electricity by product      1000.00 kWh/t
  rests on
    primary data                           0.0 %
    activity data primary                100.0 %
    factors primary                        0.0 %
    default: Heating oil = 0 kg            0.0 %
    grid = 0.5 kgCO2e/kWh                100.0 %
  checks
    1 of 1 kept
  notes
    for factor grid the default of the rule is taken
    oil is not given: 0 kg is taken

A small plant: with oil
  660 kgCO2e per 1 t of product
  stages
    Making                          660  100.0 % ████████████████████
      Electricity                   500   75.8 % ███████████████▏
      Heating oil                   160   24.2 % ████▉
  categories
    fossil                          660  100.0 % ████████████████████
  gases
    CO2e                            660  100.0 % ████████████████████
  reported besides
    Electricity by product      1000.00 kWh/t
  rests on
    primary data                           0.0 %
    activity data primary                 75.8 %
    factors primary                        0.0 %
    grid = 0.5 kgCO2e/kWh                 75.8 %
    making.oil = 3.2 kgCO2e/kg            24.2 %
  checks
    1 of 1 kept
  notes
    for factor grid the default of the rule is taken

# the compiled rule gives the same bytes
$ zuji build plant.pcr -o plant.pcrc

$ for f in text json ndjson csv; do zuji run plant.pcr good.json --format $f > a 2>&1; zuji run plant.pcrc good.json --format $f > b 2>&1; cmp a b && echo $f; done
text
json
ndjson
csv

$ zuji run plant.pcr good.json --format json | sed 's/[0-9a-f]\{64\}/…/g'
{"rule":{"name":"plant","version":"1.0","status":"draft","title":{"en":"A small plant","zh":"小厂"},"declared":{"amount":"1","unit":"t","text":{"en":"of product","zh":"产品"}},"boundary":"gate_to_gate","conforms":[],"hash":"…","file":"…","engine":"0.1.0","factors":null},"products":[
{"id":"two tonnes","status":"ok","total":{"value":500,"unit":"kgCO2e/t","reported":"500","decimal":"500"},"stages":[{"name":"making","phase":"production","value":500,"reported":"500","share":1,"categories":{"fossil":{"value":500,"reported":"500","gases":{"CO2e":{"value":500,"reported":"500"}}}}}],"flows":[{"stage":"making","name":"power","value":500,"reported":"500","share":1},{"stage":"making","name":"oil","value":null,"reported":null,"share":null}],"phases":[{"name":"production","state":"declared","value":500,"reported":"500","share":1}],"categories":{"fossil":{"value":500,"reported":"500","share":1}},"gases":{"CO2e":{"value":500,"reported":"500","share":1}},"breakdowns":{},"sums":{},"summed":["fossil"],"apart":[],"primary_data_share":{"both":0,"data":1,"factors":0},"quality":null,"reports":{"intensity":{"value":1000,"unit":"kWh/t","reported":"1000.00"}},"defaults":[{"name":"oil","path":"oil","rows":1,"value":{"value":0,"unit":"kg"},"share":0}],"absent_lists":[],"estimates":[],"factors":[{"kind":"factor","name":"grid","rows":1,"value":{"value":0.5,"unit":"kgCO2e/kWh"},"source":"draft","primary":false,"share":1}],"allocations":[],"cutoffs":[],"checks":[{"kind":"require","text":{"en":"nothing was made","zh":"没有产量"},"verdict":"passed","rows":1,"failed":0,"parts":[{"expression":"output > 0 t","left":{"value":0,"unit":"t"},"comparison":"<","right":{"value":2,"unit":"t"},"holds":true}]}],"notes":[{"code":"N0764","severity":"note","file":"plant.pcr","line":18,"column":52,"args":["grid"],"text":{"en":"for factor grid the default of the rule is taken","zh":"因子 grid 取规则的缺省值"}},{"code":"N0760","severity":"note","path":"oil","file":"plant.pcr","line":19,"column":46,"args":["oil","0 kg"],"text":{"en":"oil is not given: 0 kg is taken","zh":"未填报 oil，取 0 kg"}}]},
{"id":"with oil","status":"ok","total":{"value":660,"unit":"kgCO2e/t","reported":"660","decimal":"660"},"stages":[{"name":"making","phase":"production","value":660,"reported":"660","share":1,"categories":{"fossil":{"value":660,"reported":"660","gases":{"CO2e":{"value":660,"reported":"660"}}}}}],"flows":[{"stage":"making","name":"power","value":500,"reported":"500","share":0.7575757575757576},{"stage":"making","name":"oil","value":160,"reported":"160","share":0.24242424242424243}],"phases":[{"name":"production","state":"declared","value":660,"reported":"660","share":1}],"categories":{"fossil":{"value":660,"reported":"660","share":1}},"gases":{"CO2e":{"value":660,"reported":"660","share":1}},"breakdowns":{},"sums":{},"summed":["fossil"],"apart":[],"primary_data_share":{"both":0,"data":0.7575757575757576,"factors":0},"quality":null,"reports":{"intensity":{"value":1000,"unit":"kWh/t","reported":"1000.00"}},"defaults":[],"absent_lists":[],"estimates":[],"factors":[{"kind":"factor","name":"grid","rows":1,"value":{"value":0.5,"unit":"kgCO2e/kWh"},"source":"draft","primary":false,"share":0.7575757575757576},{"kind":"constant","name":"making.oil","rows":1,"value":{"value":3.2,"unit":"kgCO2e/kg"},"source":"draft","share":0.24242424242424243}],"allocations":[],"cutoffs":[],"checks":[{"kind":"require","text":{"en":"nothing was made","zh":"没有产量"},"verdict":"passed","rows":1,"failed":0,"parts":[{"expression":"output > 0 t","left":{"value":0,"unit":"t"},"comparison":"<","right":{"value":2,"unit":"t"},"holds":true}]}],"notes":[{"code":"N0764","severity":"note","file":"plant.pcr","line":18,"column":52,"args":["grid"],"text":{"en":"for factor grid the default of the rule is taken","zh":"因子 grid 取规则的缺省值"}}]}
]}

$ zuji run plant.pcr good.json --format ndjson
{"id":"two tonnes","status":"ok","total":{"value":500,"unit":"kgCO2e/t","reported":"500"},"notes":[]}
{"id":"with oil","status":"ok","total":{"value":660,"unit":"kgCO2e/t","reported":"660"},"notes":[]}

$ zuji run plant.pcr good.json --format csv --detail stages
id,number,status,kind,stage,name,value,reported,unit,share
two tonnes,1,ok,total,,total,500,500,kgCO2e/t,1
two tonnes,1,ok,stage,,making,500,500,kgCO2e/t,1
two tonnes,1,ok,report,,intensity,1000,1000.00,kWh/t,
with oil,2,ok,total,,total,660,660,kgCO2e/t,1
with oil,2,ok,stage,,making,660,660,kgCO2e/t,1
with oil,2,ok,report,,intensity,1000,1000.00,kWh/t,

$ zuji run plant.pcr good.json --format csv --detail totals -o out.csv && cat out.csv
id,number,status,kind,stage,name,value,reported,unit,share
two tonnes,1,ok,total,,total,500,500,kgCO2e/t,1
with oil,2,ok,total,,total,660,660,kgCO2e/t,1

# one product of many
$ zuji run plant.pcr good.json --product 'with oil' --format ndjson
{"id":"with oil","status":"ok","total":{"value":660,"unit":"kgCO2e/t","reported":"660"},"notes":[]}

$ zuji run plant.pcr good.json --product 'no such' --format ndjson
! error[E0908]: the data have no product `no such`
? 1

# standard input, a stream of records
$ printf '{"id": 1, "output": 1, "power": 10}\n{"id": 2, "output": 1, "power": 20}\n' | zuji run plant.pcr - --format ndjson
{"id":"1","status":"ok","total":{"value":5,"unit":"kgCO2e/t","reported":"5.00"},"notes":[]}
{"id":"2","status":"ok","total":{"value":10,"unit":"kgCO2e/t","reported":"10.0"},"notes":[]}

# factors from a file
$ zuji run plant.pcr good.json --factors grid.csv --format ndjson
{"id":"two tonnes","status":"ok","total":{"value":250,"unit":"kgCO2e/t","reported":"250"},"notes":[]}
{"id":"with oil","status":"ok","total":{"value":410,"unit":"kgCO2e/t","reported":"410"},"notes":[]}

$ zuji run plant.pcr good.json --factors none.csv --format ndjson
! error[E0901]: cannot open none.csv: there is no such file or folder
? 3

# The system's answers are in the language of the messages.
$ zuji run plant.pcr none.json --lang zh
! 错误[E0901]：无法打开 none.json：没有此文件或文件夹
? 3

$ zuji run plant.pcr good.json/x --lang zh
! 错误[E0901]：无法打开 good.json/x：路径中间有一段是文件，不是文件夹
? 3

$ mkdir folder.pcr; zuji run folder.pcr good.json --lang zh
! 错误[E0901]：无法打开 folder.pcr：这是文件夹，不是文件
? 3

$ zuji run plant.pcr good.json -o /dev/full --lang zh
! 错误[E0917]：无法写入 /dev/full：设备上没有剩余空间
? 3

# a folder of CSV files
$ mkdir folder; printf 'id,output,power\na,1,100\nb,2,300\n' > folder/products.csv; zuji run plant.pcr folder --format ndjson
{"id":"a","status":"ok","total":{"value":50,"unit":"kgCO2e/t","reported":"50.0"},"notes":[]}
{"id":"b","status":"ok","total":{"value":75,"unit":"kgCO2e/t","reported":"75.0"},"notes":[]}

# the exact engine
$ zuji run plant.pcr good.json --format ndjson --exact
{"id":"two tonnes","status":"ok","total":{"value":500,"unit":"kgCO2e/t","reported":"500"},"notes":[]}
{"id":"with oil","status":"ok","total":{"value":660,"unit":"kgCO2e/t","reported":"660"},"notes":[]}

# usage, files that are not there
$ zuji run plant.pcr
! error[E0906]: `zuji run` needs RULE DATA…
? 2

$ zuji run plant.pcr none.json
! error[E0901]: cannot open none.json: there is no such file or folder
? 3

$ zuji run none.pcr good.json
! error[E0901]: cannot open none.pcr: there is no such file or folder
? 3

$ zuji run none.pcrc good.json
! error[E0901]: cannot open none.pcrc: there is no such file or folder
? 3

$ zuji run plant.pcr good.json --format yaml
! error[E0905]: --format takes text|json|ndjson|csv
? 2

$ zuji run plant.pcr good.json --detail much
! error[E0905]: --detail takes totals|stages|full
? 2

$ zuji run plant.pcr good.json --cost-limit 0
! error[E0905]: --cost-limit takes 1, 2, …
? 2

$ zuji run plant.pcr good.json -o nowhere/out.json
! error[E0901]: cannot open nowhere/out.json: there is no such file or folder
? 3

$ printf 'let x = 1\n' > module.pcr; zuji run module.pcr good.json
! error[E0907]: module.pcr declares no rule
? 1

# more than one file of data
$ zuji run plant.pcr good.json good.json --format csv --detail totals
id,number,status,kind,stage,name,value,reported,unit,share
two tonnes,1,ok,total,,total,500,500,kgCO2e/t,1
with oil,2,ok,total,,total,660,660,kgCO2e/t,1
two tonnes,1,ok,total,,total,500,500,kgCO2e/t,1
with oil,2,ok,total,,total,660,660,kgCO2e/t,1

# a disk that is full
$ zuji run plant.pcr good.json --format csv -o /dev/full
! error[E0917]: cannot write /dev/full: no space is left on the device
? 3

# A disk that is full.
$ zuji run plant.pcr good.json > /dev/full
! error[E0917]: cannot write standard output: no space is left on the device
? 3

# Endings of files may be in capitals; a list's file that is misspelt is not passed over.
$ mkdir capitals; printf 'id,output,power\na,1,100\n' > capitals/Products.CSV; zuji run plant.pcr capitals --format ndjson | cut -c 1-22
{"id":"a","status":"ok

$ mkdir misspelt; printf 'id,output,power\na,1,100\n' > misspelt/products.csv; printf 'product,n\na,1\n' > misspelt/row.csv; printf 'rule r {\n  declared 1 t\n  boundary gate_to_gate\n  data { output : t, power : kWh, rows : list of { n : kg } optional }\n  reference output\n  stage s : production { emit e = sum(x in rows: x.n * 1 kgCO2e/kg) + power * 1 kgCO2e/kWh }\n}\n' > rows.pcr; zuji run rows.pcr misspelt
! misspelt/row.csv: error[E0624]: the rule has no list with the name of row.csv; did you mean rows.csv?
? 1

$ zuji run rows.pcr misspelt --lang zh
! misspelt/row.csv: 错误[E0624]：规则中没有与 row.csv 同名的明细；是否指 rows.csv？
? 1

# A folder has no lines.
$ mkdir empty; zuji run plant.pcr empty
! empty: error[E0661]: no file in empty holds the products; call it products.csv
? 1

# Of a gas that the data name, those that occur are shown; a number has no unit; both engines note the same defaults, by the left side.
$ printf 'import std.gases\nchoice Leak { CH4_fossil, N2O, SF6 }\nrule r {\n  declared 1 t, gwp ar6\n  boundary gate_to_gate\n  data { output : t, leak : Leak, o : kg optional, q : kg optional, rows : list of { n : kg, w : kg optional } }\n  reference output\n  stage s : production { emit e = 1 kg * gwp(leak) }\n  report r1 : kg = (o default q) default 5 kg\n  report r2 : number = count(x in rows)\n  report r3 : kg = (smallest(x in rows: x.n).w default 7 kg)\n  warn output < 1 t else "much"\n}\n' > leak.pcr; printf '{"id": "p", "output": 2, "leak": "N2O", "rows": []}\n' > leak.json; zuji run leak.pcr leak.json 2> /dev/null | sed -n '/gases/,$p'
  gases
    N2O                       136.500  100.0 % ████████████████████
  reported besides
    r1                        5.00000 kg
    r2                              0
    r3                        7.00000 kg
  rests on
    primary data                                  0.0 %
    activity data primary                         0.0 %
    factors primary                               0.0 %
    default: smallest(x in rows: x.n).w = 7 kg    0.0 %
  checks
    0 of 1 kept
    not kept: much
  notes
    smallest(x in rows: x.n).w is not given: 7 kg is taken

$ zuji run leak.pcr leak.json --format json --detail full > fast.out 2>&1; zuji run leak.pcr leak.json --format json --detail full --exact 2>&1 | cmp - fast.out


# What an allocation lacks is said as what it is: no rows, keys that make nothing, no row that is ours.
$ printf '{"id": "p", "farms": [{"name": "f", "cows": []}, {"name": "g", "cows": [{"mass": 0, "ours": true}]}, {"name": "h", "cows": [{"mass": 1, "ours": false}]}], "heat": 5, "out": 1}' > cows.json; zuji run cows.pcr cows.json > /dev/null
! cows.pcr:8:9: [p] error[E0709]: works cannot be allocated to cows, which has no rows; in allocate works (farms[1])
! cows.pcr:8:9: [p] error[E0709]: the sum of the keys by which works is allocated to cows is not above zero; the value is 0 kg; in allocate works (farms[2])
! cows.pcr:8:9: [p] error[E0709]: no row of cows is taken, so that nothing of works is this product's; in allocate works (farms[3])
! 1 of 1 products in error
? 1

$ zuji run cows.pcr cows.json --lang zh > /dev/null
! cows.pcr:8:9: [p] 错误[E0709]：works 无法分配至 cows：cows 没有行；见 allocate works (farms[1])
! cows.pcr:8:9: [p] 错误[E0709]：works 分配至 cows 的键之和不大于零；其值为 0 kg；见 allocate works (farms[2])
! cows.pcr:8:9: [p] 错误[E0709]：cows 中没有任何一行被取用，works 不会计入本产品；见 allocate works (farms[3])
! 1 个产品中有 1 个出错
? 1

# Origin, quality, estimates, source and period of a datum arrive alike from JSON, NDJSON and folders, in both languages.
$ cd origins && for data in kiln.json kiln.ndjson folder folder_zh; do zuji run kiln.pcr $data --format json 2> /dev/null | grep '^{"id"' | grep -o '"primary_data_share".*"estimates":[^]]*'; done | uniq
"primary_data_share":{"both":0,"data":0.35,"factors":0},"quality":{"value":1.8846153846153846,"data":1.8846153846153846,"factors":null,"covered":0.65},"reports":{},"defaults":[],"absent_lists":[],"estimates":[{"name":"gas","path":"gas","rows":1,"value":{"value":100,"unit":"kWh"},"source":"meter","period":"2024","quality":2,"primary":false,"share":0.5}

$ cd origins && for data in kiln.json kiln.ndjson folder folder_zh; do zuji run kiln.pcr $data 2>&1 > /dev/null; done
kiln.json:2:170: [a] warning[W0687]: `mass` is to be primary data, and this datum is secondary (parts[1].mass)
kiln.ndjson:1:170: [a] warning[W0687]: `mass` is to be primary data, and this datum is secondary (parts[1].mass)
folder/parts.csv:2:5: [a] warning[W0687]: `mass` is to be primary data, and this datum is secondary (parts[1].mass)
folder_zh/零件.csv:2:5: [a] warning[W0687]: `mass` is to be primary data, and this datum is secondary (parts[1].mass)

# A table is no JSON, and a sheet no CSV file; each is said as what it is.
$ printf 'id,output,power\na,1,100\n' > alone.csv; zuji run plant.pcr alone.csv
! error[E0674]: alone.csv is a table, not JSON: give the folder in which the tables lie as CSV files
? 1

$ mkdir sheets; printf 'id,output,power\na,1,100\n' > sheets/products.csv; printf PK > sheets/rows.xlsx; zuji run rows.pcr sheets --lang zh
! sheets/rows.xlsx: 错误[E0676]：未读取 rows.xlsx：数据文件夹中只读取 *.csv 文件；请另存为 rows.csv
? 1

# A pipe that ends early: what was whole is computed, and the product that broke off is named.
$ printf '[{"id": "a", "output": 1, "power": 100}, {"id": "b", "output": 1, "po' | zuji run plant.pcr - --format ndjson | cut -c 1-22
{"id":"a","status":"ok
! -:1:67: [b] error[E0610]: the text is not closed by a quotation mark

$ printf '' | zuji run plant.pcr -
! -:1:1: error[E0629]: there are no data: nothing but white space
? 1

# Of UTF-16 without its mark, a control character is shown by its number.
$ printf '{\0"\0' | zuji run plant.pcr - --format ndjson | wc -l
0
! -:1:2: error[E0601]: U+0000 cannot stand here in JSON

# A key that a table does not have: which field gives it, in which row, and what is near.
$ printf '{"id": "a", "out": 1, "kind": "silk", "parts": [{"id": "wool", "mass": 1}, {"id": "cotton", "mass": 1}]}' > fibres.json; zuji run fibres.pcr fibres.json > /dev/null
! fibres.pcr:9:22: [a] error[E0704]: no row "silk" in table fibres; it is given as kind (s.main)
! fibres.pcr:8:38: [a] error[E0704]: no row "cotton" in table fibres; it is given as parts[2].id; the nearest key is "coton"; in s.parts (parts[2])
! 1 of 1 products in error
? 1

$ zuji run fibres.pcr fibres.json --lang zh > /dev/null
! fibres.pcr:9:22: [a] 错误[E0704]：表 fibres 中没有 "silk" 对应的行；该值取自 kind (s.main)
! fibres.pcr:8:38: [a] 错误[E0704]：表 fibres 中没有 "cotton" 对应的行；该值取自 parts[2].id；最接近的键为 "coton"；见 s.parts (parts[2])
! 1 个产品中有 1 个出错
? 1

# Of `all`, which row does not hold: a member of a choice, a row of a list, also from the compiled rule.
$ zuji run works.pcr works.json > /dev/null
! works.pcr:18:5: [a] error[E0709]: a move without mass; at moved[2]; the value is 0 kg (require)
! works.pcr:16:5: [a] error[E0709]: a unit gives off less than nothing; at Works[mill]; the value is -3 kg (require)
! 1 of 1 products in error
? 1

$ zuji build works.pcr -o works.pcrc; zuji run works.pcrc works.json --lang zh > /dev/null
! works.pcr:18:5: [a] 错误[E0709]：物流质量为零；在 moved[2]；其值为 0 kg (require)
! works.pcr:16:5: [a] 错误[E0709]：某工序排放为负；在 Works[mill]；其值为 -3 kg (require)
! 1 个产品中有 1 个出错
? 1

# A report with a condition is left out where it does not hold, and null in JSON; an example that expects it says so.
$ printf 'rule r "R" zh "规" {\n    declared 1 t\n    boundary gate_to_gate\n    data { s: t, gas: m3 }\n    reference s\n    stage making : production { emit x = gas * 1 kgCO2e/m3 }\n    report by_gas "By gas" zh "单位气" when gas > 0 m3 : t/m3 = s / gas\n    report made "Made" zh "产量" : t = s\n    example "none" { data "reports.json" key "a"  expect by_gas = 1 t/m3 }\n}\n' > reports.pcr; printf '[{"id": "a", "s": 1, "gas": 0}, {"id": "b", "s": 1, "gas": 2}]\n' > reports.json; zuji run reports.pcr reports.json | grep -A2 besides
  reported besides
    Made                      1.00000 t

--
  reported besides
    By gas                   0.500000 t/m3
    Made                      1.00000 t

$ zuji run reports.pcr reports.json --format json | grep -o '"reports":{"by_gas[^}]*}'
"reports":{"by_gas":{"value":null,"unit":"t/m3","reported":null}
"reports":{"by_gas":{"value":0.5,"unit":"t/m3","reported":"0.500000"}

$ zuji explain reports.pcr reports.json --product a by_gas --lang zh
规：a
取决于“gas > 0 m3”：不成立
│    0 m3 > 0 m3
└─ gas = 0 m3［次级数据］

$ zuji test reports.pcr
reports.pcr: 0 of 1 examples pass
! error[E0913]: by_gas should be 1 t/m3, and is absent
!   --> reports.pcr:9:51
!    |
!  9 |     example "none" { data "reports.json" key "a"  expect by_gas = 1 t/m3 }
!    |                                                   ^^^^^^^^^^^^^^^^^^^^^^
? 1
