# run --stats: which steps made the figures certain, and what the bounds left open. Of the products: plain; a sum at a limit (0.1 + 0.2 kg);
# a figure at a tie (0.145 / 1 to two decimals); a quotient at a limit; in error; refused.
$ printf 'rule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { out : kg, a : kg, b : kg, c : kg }\n  reference out\n  stage s : production { emit e = a * 1 kgCO2e/kg }\n  require a + b <= 0.3 kg else "too much"\n  require b / c <= 1/3 else "too much of b"\n  round total to 2 decimals\n}\n' > tight.pcr; printf '%s\n' '{"out": 1, "a": 0.1, "b": 0.1, "c": 1}' '{"out": 1, "a": 0.1, "b": 0.2, "c": 1}' '{"out": 1, "a": 0.145, "b": 0, "c": 1}' '{"out": 7, "a": 0.1, "b": 0.1, "c": 0.3}' '{"out": 1, "a": 0.4, "b": 0, "c": 1}' '{"out": 1, "a": -1, "b": 0, "c": 1}' > tight.ndjson; zuji run tight.pcr tight.ndjson --format csv --detail totals --stats
id,number,status,kind,stage,name,value,reported,unit,share
1,1,ok,total,,total,0.1,0.10,kgCO2e/kg,1
2,2,ok,total,,total,0.1,0.10,kgCO2e/kg,1
3,3,ok,total,,total,0.145,0.14,kgCO2e/kg,1
4,4,ok,total,,total,0.014285714285714287,0.01,kgCO2e/kg,1
5,5,error,,,,,,,
6,6,error,,,,,,,
! tight.pcr:7:3: [5] error[E0709]: too much; the two sides are 0.4 kg and 0.3 kg (require)
! tight.ndjson:6:17: [6] error[E0649]: -1 is negative (a)
! 2 of 6 products in error
! products                                   6
!   data refused                             1
! settled by
!   bounds of doubles                        1
!   decimal grid                             3
!   exact parts                              0
!   exact product                            1
! in doubt, by what settled it         decimal grid    exact parts  exact product
!   comparison                                    2              0              0
!   last digit of a figure                        1              0              0
!   product in error                              0              0              1
? 1

$ zuji run tight.pcr tight.ndjson --format ndjson --stats 2>&1 > /dev/null | tail -1
{"products":6,"refused":1,"settled":{"bounds":1,"grid":3,"parts":0,"product":1},"doubts":{"comparison":{"grid":2,"parts":0,"product":0},"step":{"grid":0,"parts":0,"product":0},"row":{"grid":0,"parts":0,"product":0},"rounding":{"grid":0,"parts":0,"product":0},"figure":{"grid":1,"parts":0,"product":0},"precision":{"grid":0,"parts":0,"product":0},"failure":{"grid":0,"parts":0,"product":1},"size":{"grid":0,"parts":0,"product":0}}}

$ zuji run tight.pcr tight.ndjson --format csv --stats --lang zh 2>&1 > /dev/null | grep -v "^!" | tail -n +5
  数据被拒                                 1
判定方式
  双精度误差界                             1
  十进制格点                               3
  局部精确计算                             0
  整体精确计算                             1
存疑处（按判定方式）                   十进制格点   局部精确计算   整体精确计算
  比较                                          2              0              0
  报出值的末位                                  1              0              0
  产品出错                                      0              0              1

$ zuji run tight.pcr tight.ndjson --format ndjson --stats --exact 2>&1 > /dev/null | tail -1
{"products":6,"refused":1,"settled":{"bounds":0,"grid":0,"parts":0,"product":5},"doubts":{"comparison":{"grid":0,"parts":0,"product":0},"step":{"grid":0,"parts":0,"product":0},"row":{"grid":0,"parts":0,"product":0},"rounding":{"grid":0,"parts":0,"product":0},"figure":{"grid":0,"parts":0,"product":0},"precision":{"grid":0,"parts":0,"product":0},"failure":{"grid":0,"parts":0,"product":0},"size":{"grid":0,"parts":0,"product":0}}}

