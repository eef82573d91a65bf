# what moves the total
$ zuji sensitivity plant.pcr good.json
two tonnes: 500 kgCO2e/t
  number                       elasticity    derivative
  Electricity (power)                   1          0.25 kgCO2e/t per kWh  (2000 kWh)
  Electricity factor (grid)             1          1000 kgCO2e/t per kgCO2e/kWh  (0.5 kgCO2e/kWh)
  Product made (output)                -1          -250 kgCO2e/t per t  (2 t)
  Heating oil (oil)                     0             0 kgCO2e/t per kg  (0 kg)  not given, default of the rule; at a kink: another one on the other side
  kink: both sides are equal: oil > 0 kg (making.oil)

with oil: 660 kgCO2e/t
  number                       elasticity    derivative
  Product made (output)                -1          -330 kgCO2e/t per t  (2 t)
  Electricity (power)            0.75757…          0.25 kgCO2e/t per kWh  (2000 kWh)
  Electricity factor (grid)      0.75757…          1000 kgCO2e/t per kgCO2e/kWh  (0.5 kgCO2e/kWh)
  Heating oil (oil)              0.24242…           1.6 kgCO2e/t per kg  (100 kg)

$ zuji sensitivity plant.pcr good.json --top 2 --lang zh
two tonnes：500 kgCO2e/t
  数值                      弹性          导数
  用电量（power）              1          0.25 kgCO2e/t，每 kWh  (2000 kWh)
  电力因子（grid）             1          1000 kgCO2e/t，每 kgCO2e/kWh  (0.5 kgCO2e/kWh)
  另 2 项
  转折点：两侧相等：oil > 0 kg (making.oil)

with oil：660 kgCO2e/t
  数值                     弹性          导数
  产量（output）             -1          -330 kgCO2e/t，每 t  (2 t)
  用电量（power）      0.75757…          0.25 kgCO2e/t，每 kWh  (2000 kWh)
  另 2 项

# at a kink, through a rounding, with a default; all rows
$ printf 'choice kind { a, b }\ntable per(kind: kind) -> kgCO2e/kg { a => 2 kgCO2e/kg; b => 3 kgCO2e/kg }\nrule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { out : kg, x : kg, y : kg, way : km optional, parts : list of { kind : kind, m : kg } }\n  reference out\n  stage s : production {\n    emit a = max(x, y) * 1 kgCO2e/kg + rounded(x, 0.5 kg, half_even) * 1 kgCO2e/kg\n    emit b = sum(p in parts: p.m * per(p.kind))\n    emit c = (way default 10 km) * 0.1 kgCO2e/km\n  }\n}\n' > kinks.pcr; printf '%s\n' '{"id": "one, two", "out": 2, "x": 4, "y": 4, "parts": [{"kind": "a", "m": 1}, {"kind": "b", "m": 2}]}' '{"id": "bad", "out": 0, "x": 1, "y": 1, "parts": []}' > kinks.ndjson; zuji sensitivity kinks.pcr kinks.ndjson
one, two: 8.50000 kgCO2e/kg
  number        elasticity    derivative
  out                   -1         -4.25 kgCO2e/kg per kg  (2 kg)
  x               0.47058…             1 kgCO2e/kg per kg  (4 kg)  at a kink: another one on the other side; as if nothing were rounded
  parts[2].m      0.35294…           1.5 kgCO2e/kg per kg  (2 kg)
  per(b)          0.35294…             1 kgCO2e/kg per kgCO2e/kg  (3 kgCO2e/kg)
  parts[1].m      0.11764…             1 kgCO2e/kg per kg  (1 kg)
  per(a)          0.11764…           0.5 kgCO2e/kg per kgCO2e/kg  (2 kgCO2e/kg)
  way            0.058823…          0.05 kgCO2e/kg per km  (10 km)  not given, default of the rule
  y                      0             0 kgCO2e/kg per kg  (4 kg)  at a kink: another one on the other side
  all rows of    elasticity    derivative
  per              0.47058…           1.5 kgCO2e/kg per kgCO2e/kg  2 together
  parts.m          0.47058…           2.5 kgCO2e/kg per kg  2 together
  kink: both are equal: max(x, y) (s.a)
  rounded: rounded(x, 0.5 kg, half_even) (s.a)
! kinks.pcr:7:3: [bad] error[E0717]: the reference amount is 0 kg; it must be positive (reference)
? 1

$ zuji sensitivity kinks.pcr kinks.ndjson --format csv --product 'one, two'
id,row,scope,kind,name,rows,value,per,derivative,unit,elasticity,at_kink,rounded,partial
"one, two",,single,datum,out,1,2,kg,-4.25,kgCO2e/kg,-1,0,0,0
"one, two",,single,datum,x,1,4,kg,1,kgCO2e/kg,0.47058823529411764,1,1,0
"one, two",,single,datum,parts[2].m,1,2,kg,1.5,kgCO2e/kg,0.35294117647058826,0,0,0
"one, two",,single,table,per(b),1,3,kgCO2e/kg,1,kgCO2e/kg,0.35294117647058826,0,0,0
"one, two",,single,datum,parts[1].m,1,1,kg,1,kgCO2e/kg,0.11764705882352941,0,0,0
"one, two",,single,table,per(a),1,2,kgCO2e/kg,0.5,kgCO2e/kg,0.11764705882352941,0,0,0
"one, two",,single,default,way,1,10,km,0.05,kgCO2e/kg,0.058823529411764705,0,0,0
"one, two",,single,datum,y,1,4,kg,0,kgCO2e/kg,0,1,0,0
"one, two",,group,datum,out,1,,kg,-4.25,kgCO2e/kg,-1,0,0,0
"one, two",,group,table,per,2,,kgCO2e/kg,1.5,kgCO2e/kg,0.47058823529411764,0,0,0
"one, two",,group,datum,parts.m,2,,kg,2.5,kgCO2e/kg,0.47058823529411764,0,0,0
"one, two",,group,datum,x,1,,kg,1,kgCO2e/kg,0.47058823529411764,1,1,0
"one, two",,group,default,way,1,,km,0.05,kgCO2e/kg,0.058823529411764705,0,0,0
"one, two",,group,datum,y,1,,kg,0,kgCO2e/kg,0,1,0,0

$ zuji sensitivity kinks.pcr kinks.ndjson --format json --product 'one, two' --top 2 | tail -n +2
{"id":"one, two","total":{"value":8.5,"unit":"kgCO2e/kg","reported":"8.50000"},"influences":[{"kind":"datum","name":"out","path":"out","value":2,"derivative":-4.25,"unit":"kgCO2e/kg","per":"kg","elasticity":-1},{"kind":"datum","name":"x","path":"x","value":4,"derivative":1,"unit":"kgCO2e/kg","per":"kg","elasticity":0.47058823529411764,"at_kink":true,"rounded":true}],"groups":[{"kind":"datum","name":"out","rows":1,"derivative":-4.25,"unit":"kgCO2e/kg","per":"kg","elasticity":-1},{"kind":"table","name":"per","rows":2,"derivative":1.5,"unit":"kgCO2e/kg","per":"kgCO2e/kg","elasticity":0.47058823529411764}],"kinks":[{"kind":"choice","expression":"max(x, y)","item":"s.a","rows":1},{"kind":"rounding","expression":"rounded(x, 0.5 kg, half_even)","item":"s.a","rows":1}]}
]}

$ zuji sensitivity kinks.pcr kinks.ndjson --product 'one, two' --lang zh --top 1
one, two：8.50000 kgCO2e/kg
  数值          弹性          导数
  out             -1         -4.25 kgCO2e/kg，每 kg  (2 kg)
  另 7 项
  合并各行          弹性          导数
  per           0.47058…           1.5 kgCO2e/kg，每 kgCO2e/kg  2 项合计
  另 1 项
  转折点：两者相等：max(x, y) (s.a)
  修约：rounded(x, 0.5 kg, half_even) (s.a)

# what there is not
$ zuji sensitivity plant.pcr
! error[E0906]: `zuji sensitivity` needs RULE DATA
? 2

$ zuji sensitivity plant.pcr good.json --top 0
! error[E0905]: --top takes 1, 2, …
? 2

$ zuji sensitivity plant.pcr good.json --format sheet
! error[E0905]: --format takes text|json|csv
? 2

$ zuji sensitivity plant.pcr good.json --product 'no such'
! error[E0908]: the data have no product `no such`
? 1

