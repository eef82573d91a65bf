# One row is the result and is graded, the other is there for comparison; which is for the data to say, in both engines.
$ zuji run headline.pcr headline.json --format ndjson --detail totals | sed 's/"total":{"value":[0-9.]*,/"total":{/'
{"id":"mill","row":"by_value","row_number":1,"headline":true,"status":"ok","total":{"unit":"kgCO2e/t","reported":"56.8182"},"grade":{"class":"B","method":"full_value"},"notes":[]}
{"id":"mill","row":"by_mass","row_number":2,"headline":false,"status":"ok","total":{"unit":"kgCO2e/t","reported":"50.0000"},"notes":[]}
{"id":"by mass","row":"by_value","row_number":1,"headline":false,"status":"ok","total":{"unit":"kgCO2e/t","reported":"56.8182"},"notes":[]}
{"id":"by mass","row":"by_mass","row_number":2,"headline":true,"status":"ok","total":{"unit":"kgCO2e/t","reported":"50.0000"},"grade":{"class":"B","method":"full_value"},"notes":[]}

$ zuji build headline.pcr -o headline.pcrc && zuji run headline.pcrc headline.json --format csv --detail totals --exact
id,number,row,headline,status,kind,stage,name,value,reported,unit,share
mill,1,by_value,true,ok,total,,total,56.81818181818182,56.8182,kgCO2e/t,1
mill,1,by_value,true,ok,grade,,B,,,,
mill,1,by_mass,false,ok,total,,total,50,50.0000,kgCO2e/t,1
by mass,2,by_value,false,ok,total,,total,56.81818181818182,56.8182,kgCO2e/t,1
by mass,2,by_mass,true,ok,total,,total,50,50.0000,kgCO2e/t,1
by mass,2,by_mass,true,ok,grade,,B,,,,

$ zuji run headline.pcr headline.json --detail totals --product mill
Flour: mill · by_value
  56.8182 kgCO2e per 1 t of flour
  class B, comparing the full value

Flour: mill · by_mass (sensitivity)
  50.0000 kgCO2e per 1 t of flour

$ zuji run headline.pcr headline.json --detail totals --product mill --lang zh
面粉：mill · by_value
  56.8182 kgCO2e／1 t 面粉
  等级：乙级，全数值比较法

面粉：mill · by_mass（敏感性分析）
  50.0000 kgCO2e／1 t 面粉

$ zuji explain headline.pcr headline.json --product mill --row by_mass --lang zh | head -1
面粉：mill, by_mass（敏感性分析）

$ zuji sensitivity headline.pcr headline.json --product mill --top 1 --lang zh | grep mill
mill, by_value：56.8182 kgCO2e/t
mill, by_mass（敏感性分析）：50.0000 kgCO2e/t

# One must be there; and it is a condition, on a row.
$ sed 's/way == reported/bran > 30 t/' headline.pcr > none.pcr; zuji run none.pcr headline.json --product mill --format csv
id,number,row,headline,status,kind,stage,name,value,reported,unit,share
mill,1,,,error,,,,,,,
! none.pcr:8:5: [mill] error[E0709]: no row of the results is the headline (reference)
! 1 of 1 products in error
? 1

$ sed 's/way == reported/bran/' headline.pcr > bran.pcr; zuji check bran.pcr 2>&1 | head -3
error[E0307]: a condition is needed here, not t
  --> bran.pcr:8:48
   |

$ sed 's/for each way in Sharing headline way == reported:/headline true:/' headline.pcr > rowless.pcr; zuji check rowless.pcr 2>&1 | head -3
error[E0116]: unexpected `headline`; expected an expression or `for each`
  --> rowless.pcr:8:15
   |

