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
├─ 取决于“oil > 0 kg”： 成立
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
