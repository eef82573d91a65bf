# how uncertain totals are
$ printf 'factor grid(year: year) : kgCO2e/kWh\nfactor steel : kgCO2e/kg\nrule mix {\n  declared 1 kg\n  boundary gate_to_gate\n  data { out : kg, power : kWh, year : year, rate : %% range 0 %% .. 100 %%, parts : list of { name : text, m : kg } }\n  reference out\n  stage energy : production "Energy" zh "能源" { emit power = power * grid(year) }\n  stage material : production "Material" zh "材料" {\n    emit steel = sum(p in parts: p.m) * steel\n    emit loss = sum(p in parts: p.m) * rate * steel\n  }\n}\n' > mix.pcr; printf 'factor,year,value,unit,uncertainty\ngrid,2023,0.5,kgCO2e/kWh,lognormal(gsd 1.2)\nsteel,,2,kgCO2e/kg,normal(sd 10 %%)\n' > f.csv; echo '{"id": "a", "out": 10, "power": {"value": 100, "uncertainty": "triangular(80 kWh, 0.13 MWh)"}, "year": 2024, "rate": {"value": 5, "uncertainty": "uniform(4 %, 7 %)"}, "parts": [{"name": "x", "m": {"value": 3, "uncertainty": "正态（标准差 5 %）"}}, {"name": "y", "m": 4}]}' > mix.json; zuji run mix.pcr mix.json --factors f.csv --monte-carlo 1000
a: 1000 samples, seed 1
                              reported        mean          sd         gsd
  total                        6.47000     6.7934…     1.1052…     1.1749…
  Energy                       5.00000     5.3174…     1.0941…     1.2282…
  Material                     1.47000      1.476…    0.15436…     1.1117…
  kgCO2e/kg                      2.5 %         5 %        25 %        50 %        75 %        95 %      97.5 %
  total                        4.9029…     5.1739…     6.0052…     6.7293…      7.442…     8.7904…     9.1936…
  Energy                       3.4395…     3.7399…     4.5268…     5.2466…     5.9773…     7.2415…      7.814…
  Material                     1.1745…     1.2323…     1.3742…     1.4768…     1.5764…     1.7361…     1.7735…
  contribution to variance     by rank    by slope correlation
  grid(2023)                     79.9 %       75.6 %    0.86461…  0.5 kgCO2e/kWh, lognormal(gsd 1.2)
  power                          18.0 %       22.5 %    0.41022…  100 kWh, triangular(80 kWh, 0.13 MWh)
  steel                           2.1 %        1.8 %    0.13912…  2 kgCO2e/kg, normal(sd 10 %)
  rate                            0.0 %        0.0 %  -0.020544…  5 %, uniform(4 %, 7 %)
  parts[1].m                      0.0 %        0.1 %    0.01673…  3 kg, 正态（标准差 5 %）
  samples are computed in doubles, without the certainty of figures that results have

$ zuji run mix.pcr mix.json --factors f.csv --monte-carlo 1000 --seed 2 --lang zh
a：样本 1000 个，种子 2
                                报出值      平均值      标准差  几何标准差
  总量                         6.47000     6.7134…     1.1141…     1.1779…
  能源                         5.00000     5.2466…     1.0978…     1.2301…
  材料                         1.47000     1.4667…    0.15114…     1.1095…
  kgCO2e/kg                      2.5 %         5 %        25 %        50 %        75 %        95 %      97.5 %
  总量                         4.8658…     5.0525…     5.9095…     6.5932…     7.4474…     8.7408…      9.218…
  能源                         3.5056…     3.6652…      4.451…     5.1201…     5.9634…     7.2078…     7.7559…
  材料                         1.1802…     1.2205…     1.3635…     1.4635…     1.5723…     1.7154…     1.7663…
  对方差的贡献                    按秩      按导数  秩相关系数
  grid(2023)                     77.1 %       76.2 %    0.87072…  0.5 kgCO2e/kWh, lognormal(gsd 1.2)
  power                          19.5 %       21.9 %    0.43813…  100 kWh, triangular(80 kWh, 0.13 MWh)
  steel                           3.1 %        1.8 %    0.17391…  2 kgCO2e/kg, normal(sd 10 %)
  parts[1].m                      0.2 %        0.1 %   0.043321…  3 kg, 正态（标准差 5 %）
  rate                            0.1 %        0.0 %   0.030541…  5 %, uniform(4 %, 7 %)
  样本以双精度计算，其数值不像结果那样经过精确判定

$ zuji run mix.pcr mix.json --factors f.csv --monte-carlo 10 --seed 18446744073709551615 --format ndjson
{"id":"a","samples":10,"seed":18446744073709551615,"arithmetic":"doubles","failed":0,"total":{"value":6.47,"unit":"kgCO2e/kg","samples":10,"mean":6.949754468437942,"sd":1.760445167210676,"gsd":1.236858988289062,"quantiles":{"2.5":5.704538319775291,"5":5.766728378530843,"25":5.984311750849798,"50":6.248228443903033,"75":7.226975717056876,"95":9.85425940156809,"97.5":10.718929481308695}},"stages":[{"name":"energy","value":5,"unit":"kgCO2e/kg","samples":10,"mean":5.578320341632318,"sd":1.7725381768328488,"gsd":1.300415229283335,"quantiles":{"2.5":4.305607496774654,"5":4.3792314738111315,"25":4.617294770926895,"50":4.811389574135077,"75":5.893779273545287,"95":8.571364147138882,"97.5":9.357302592428933}},{"name":"material","value":1.47,"unit":"kgCO2e/kg","samples":10,"mean":1.3714341268056245,"sd":0.16533722148337537,"gsd":1.134063436019779,"quantiles":{"2.5":1.095291796426194,"5":1.100143444857866,"25":1.327808069127701,"50":1.403841057552383,"75":1.4396576360563893,"95":1.5750751943013899,"97.5":1.6008030161445552}}],"contributions":[{"kind":"factor","name":"grid","keys":["2023"],"value":0.5,"value_unit":"kgCO2e/kWh","uncertainty":"lognormal(gsd 1.2)","sd":0.12635615140324608,"correlation":0.8424242424242424,"by_rank":0.5882478307200487,"derivative":10,"unit":"kgCO2e/kg","per":"kgCO2e/kWh","by_slope":0.8744159758870308},{"kind":"datum","name":"parts.m","path":"parts[1].m","value":3,"value_unit":"kg","uncertainty":"正态（标准差 5 %）","sd":0.1581523976617782,"correlation":0.5151515151515151,"by_rank":0.21997259856903642,"derivative":0.21,"unit":"kgCO2e/kg","per":"kg","by_slope":0.0006041092072742309},{"kind":"datum","name":"power","path":"power","value":100,"value_unit":"kWh","uncertainty":"triangular(80 kWh, 0.13 MWh)","sd":9.034279010824605,"correlation":0.34545454545454546,"by_rank":0.09891916577865734,"derivative":0.05,"unit":"kgCO2e/kg","per":"kWh","by_slope":0.1117512298352644},{"kind":"factor","name":"steel","value":2,"value_unit":"kgCO2e/kg","uncertainty":"normal(sd 10 %)","sd":0.21083976339269941,"correlation":-0.24848484848484848,"by_rank":0.05117978383315574,"derivative":0.735,"unit":"kgCO2e/kg","per":"kgCO2e/kg","by_slope":0.013152400444284775},{"kind":"datum","name":"rate","path":"rate","value":5,"value_unit":"%","uncertainty":"uniform(4 %, 7 %)","sd":0.843000482321666,"correlation":0.22424242424242424,"by_rank":0.041680621099101846,"derivative":0.014,"unit":"kgCO2e/kg","per":"%","by_slope":0.0000762846261458399}],"linear":0.5891551660601922}

$ zuji run mix.pcr mix.json --factors f.csv --monte-carlo 10 --format csv
id,row,scope,name,value,unit,samples,mean,sd,gsd,q2_5,q5,q25,q50,q75,q95,q97_5,uncertainty,correlation,by_rank,derivative,by_slope
a,,total,,6.47,kgCO2e/kg,10,7.139602724048099,1.2358144983952353,1.1910506574606854,5.52620848715154,5.6437863153884775,6.018389769110253,7.244018965101112,8.066629640562526,8.805579919853965,8.91123309766514,,,,,
a,,stage,energy,5,kgCO2e/kg,10,5.623028628244262,1.1879747444920103,1.239303307139937,4.189974194979116,4.238900028264872,4.52456541143854,5.7363033326197765,6.640929183762076,7.1295500850060005,7.194751573544774,,,,,
a,,stage,material,1.47,kgCO2e/kg,10,1.5165740958038374,0.1597327982219947,1.1115298785120962,1.292448079165164,1.317313861109085,1.4068450080350687,1.5019988613250324,1.6251646244257696,1.7354440275418612,1.7461886204673136,,,,,
a,,factor,grid(2023),0.5,kgCO2e/kWh,,,0.12456063467364965,,,,,,,,,lognormal(gsd 1.2),0.9272727272727272,0.6259593015482525,10,0.9564590712694816
a,,factor,steel,2,kgCO2e/kg,,,0.18301766712550768,,,,,,,,,normal(sd 10 %),0.5393939393939394,0.21180843383159081,0.735,0.01115489468035007
a,,datum,power,100,kWh,,,4.513282019642156,,,,,,,,,"triangular(80 kWh, 0.13 MWh)",-0.45454545454545453,0.1504131347434286,0.05,0.03139277578334767
a,,datum,parts[1].m,3,kg,,,0.1821371093107192,,,,,,,,,正态（标准差 5 %）,0.11515151515151516,0.00965318073642271,0.21,0.0009018623032713926
a,,datum,rate,5,%,,,0.8697272739421275,,,,,,,,,"uniform(4 %, 7 %)",0.05454545454545454,0.0021659491403053723,0.014,0.0000913959635491939

$ zuji run mix.pcr mix.json --factors f.csv --monte-carlo 10 --format ndjson --detail totals
{"id":"a","samples":10,"seed":1,"arithmetic":"doubles","failed":0,"total":{"value":6.47,"unit":"kgCO2e/kg","samples":10,"mean":7.139602724048099,"sd":1.2358144983952353,"gsd":1.1910506574606854,"quantiles":{"2.5":5.52620848715154,"5":5.6437863153884775,"25":6.018389769110253,"50":7.244018965101112,"75":8.066629640562526,"95":8.805579919853965,"97.5":8.91123309766514}},"stages":[],"contributions":[],"linear":1.062156869899237}

# a folder of CSV files; a compiled rule; the same samples
$ mkdir mixed; printf 'id,out,power,power.uncertainty,year,rate,rate.不确定性\na,10,100,"triangular(80 kWh, 0.13 MWh)",2024,5,"uniform(4 %%, 7 %%)"\n' > mixed/products.csv; printf 'product,name,m,m.uncertainty\na,x,3,正态（标准差 5 %%）\na,y,4,\n' > mixed/parts.csv; zuji build mix.pcr -o mix.pcrc; zuji run mix.pcrc mixed --factors f.csv --monte-carlo 10 --format csv --detail totals
id,row,scope,name,value,unit,samples,mean,sd,gsd,q2_5,q5,q25,q50,q75,q95,q97_5,uncertainty,correlation,by_rank,derivative,by_slope
a,,total,,6.47,kgCO2e/kg,10,7.139602724048099,1.2358144983952353,1.1910506574606854,5.52620848715154,5.6437863153884775,6.018389769110253,7.244018965101112,8.066629640562526,8.805579919853965,8.91123309766514,,,,,

# samples in error
$ printf 'rule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { out : kg, x : kg }\n  reference out\n  require x <= 10 kg else "too much" zh "过多"\n  stage s : production { emit e = x * 1 kgCO2e/kg }\n}\n' > limited.pcr; echo '{"id": "a", "out": 1, "x": {"value": 10, "uncertainty": "normal(sd 1 kg)"}}' > limited.json; zuji run limited.pcr limited.json --monte-carlo 100
a: 100 samples, seed 1
                              reported        mean          sd         gsd
  total                        10.0000     9.1185…    0.63098…     1.0745…
  s                            10.0000     9.1185…    0.63098…     1.0745…
  kgCO2e/kg                      2.5 %         5 %        25 %        50 %        75 %        95 %      97.5 %
  total                        7.6364…     7.8941…     8.7849…     9.3288…     9.6193…     9.8531…     9.8967…
  s                            7.6364…     7.8941…     8.7849…     9.3288…     9.6193…     9.8531…     9.8967…
  contribution to variance     by rank    by slope correlation
  x                             100.0 %      100.0 %           1  10 kg, normal(sd 1 kg)
  47 of 100 samples are in error and left out; the first: too much
  samples are computed in doubles, without the certainty of figures that results have

$ echo '{"id": "a", "out": 1, "x": {"value": 10, "uncertainty": "uniform(10, 1000)"}}' | zuji run limited.pcr - --monte-carlo 10 --lang zh
! limited.pcr:6:3: [a] 错误[E0709]：过多；10 个样本中有 10 个出错，此为第一个；至少应剩两个 (require)
? 1

# nothing to draw from; texts that are none
$ echo '{"id": "a", "out": 1, "x": 10}' | zuji run limited.pcr - --monte-carlo 10
! [a] error[E0722]: nothing is uncertain here: no datum that the rule uses has an `uncertainty`, nor has a factor
? 1

$ sed 's/normal(sd 10 %)/± 10 %/' f.csv > plain.csv; zuji run mix.pcr mix.json --factors plain.csv --detail totals | head -1; zuji run mix.pcr mix.json --factors plain.csv --monte-carlo 10
mix: a
! plain.csv:3:1: [a] error[E0723]: ± 10 % is not to be drawn from: the uncertainty of factor steel is to be a distribution, such as normal(sd 5 %) or lognormal(gsd 1.2)
? 1

$ sed 's/sd 10 %/sd 10 kWh/' f.csv > wrong.csv; zuji run mix.pcr mix.json --factors wrong.csv --lang zh
! wrong.csv:3:20: 错误[E0678]：normal(sd 10 kWh) 中的 kWh 不能用于单位为 kgCO2e/kg 的数值
? 1

$ sed 's/x,3,正态（标准差 5 %）/x,3,gauss(5 %)/' mixed/parts.csv > parts.csv; mv parts.csv mixed/; sed -i 's/uniform(4 %, 7 %)/normal(sd 10 %)/' mixed/products.csv; zuji run mix.pcr mixed --factors f.csv; zuji run mix.pcr mixed --factors f.csv --lang zh
mix: a
  in error: no figures

mix：a
  出错，无结果
! mixed/products.csv:2:48: [a] error[E0679]: in normal(sd 10 %), 10 % of what? Write rsd 10 % for a part of the value itself, or sd 10 for an amount in the unit of the number (rate)
! mixed/parts.csv:2:7: [a] error[E0677]: gauss(5 %) is no uncertainty such as normal(sd 5 %), normal(sd 0.2 kg), lognormal(gsd 1.2), triangular(0.9 kg, 1.3 kg) or uniform(-10 %, +10 %) (parts[1].m)
! 1 of 1 products in error
! mixed/products.csv:2:48: [a] 错误[E0679]：normal(sd 10 %) 中的 10 % 有歧义：如指该数值的百分比，应写“相对标准差 10 %”；如指以该数值的单位计的量，应写“标准差 10” (rate)
! mixed/parts.csv:2:7: [a] 错误[E0677]：gauss(5 %) 不是不确定性；可写作 正态(标准差 5 %)、正态(标准差 0.2 kg)、对数正态(几何标准差 1.2)、三角(0.9 kg, 1.3 kg) 或 均匀(-10 %, +10 %) (parts[1].m)
! 1 个产品中有 1 个出错
? 1

# the order of products does not matter
$ for p in a b c; do sed "s/\"id\": \"a\"/\"id\": \"$p\"/" mix.json; done > three.ndjson; zuji run mix.pcr three.ndjson --factors f.csv --monte-carlo 50 --format ndjson | sort > one; tac three.ndjson | zuji run mix.pcr - --factors f.csv --monte-carlo 50 --format ndjson | sort > other; cmp one other && wc -l < one; cut -d, -f9 one | sort -u | wc -l
3
3

# as results tell of it
$ zuji run mix.pcr mix.json --factors f.csv --format json | grep -o '"uncertainty":"[^"]*"'; zuji explain mix.pcr mix.json --factors f.csv --format json | grep -o '"uncertainty":"[^"]*"' | sort -u
"uncertainty":"lognormal(gsd 1.2)"
"uncertainty":"normal(sd 10 %)"
"uncertainty":"lognormal(gsd 1.2)"
"uncertainty":"normal(sd 10 %)"
"uncertainty":"triangular(80 kWh, 0.13 MWh)"
"uncertainty":"uniform(4 %, 7 %)"
"uncertainty":"正态（标准差 5 %）"

# options
$ zuji run mix.pcr mix.json --factors f.csv --monte-carlo 1; zuji run mix.pcr mix.json --factors f.csv --monte-carlo 1000001; zuji run mix.pcr mix.json --factors f.csv --monte-carlo 10 --seed -1; zuji run mix.pcr mix.json --factors f.csv --seed 3; zuji run mix.pcr mix.json --factors f.csv --monte-carlo 10 --product b
! error[E0905]: --monte-carlo takes 2 … 1000000
! 
! error[E0905]: --monte-carlo takes 2 … 1000000
! 
! error[E0905]: --seed takes 0 … 18446744073709551615
! 
! error[E0906]: `zuji run --seed` needs --monte-carlo N
! 
! error[E0908]: the data have no product `b`
? 1

