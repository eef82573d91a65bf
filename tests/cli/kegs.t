# A declared unit may be written in data under its other spelling, from the source and compiled; both spellings are one meaning.
# Means of readings: (20 + 25.5 - 100) / 3 = -18.166…, 28.166… below 10 ℃; with the condition (20 + 25.5) / 2.
$ printf '{"id": "p", "mass": "2 啤酒桶", "beer": "0.5 keg", "days": [{"temperature": 20, "batch": 2}, {"temperature": "25.5 ℃", "batch": 3}, {"temperature": -100, "batch": 1}]}' > kegs.json

$ zuji run kegs.pcr kegs.json --exact --format csv | cut -d, -f4-9
kind,stage,name,value,reported,unit
total,,total,1.9379041740152851,1.93790,kgCO2e/kg
stage,,s,1.9379041740152851,1.93790,kgCO2e/kg
flow,s,base,2,2.00000,kgCO2e/kg
flow,s,heat,-0.06209582598471487,-0.0620958,kgCO2e/kg
category,,fossil,1.9379041740152851,1.93790,kgCO2e/kg
gas,,CO2e,1.9379041740152851,1.93790,kgCO2e/kg
phase,,production,1.9379041740152851,1.93790,kgCO2e/kg
report,,beer,113.4,113.400,kg
report,,warm,22.75,22.7500,℃
report,,same,20.5,20.5000,℃

$ zuji build kegs.pcr -o kegs.pcrc; zuji run kegs.pcr kegs.json > a 2>&1; zuji run kegs.pcrc kegs.json > b 2>&1; cmp a b && echo same
same

$ grep -v names kegs.pcr > plain.pcr; zuji inspect kegs.pcr | grep hash > a; zuji inspect plain.pcr | grep hash > b; cmp a b && echo same
same

$ zuji run plain.pcr kegs.json 2>&1 >/dev/null | head -1
kegs.json:1:21: [p] error[E0652]: unknown unit `啤酒桶` (mass)

# A reference that is not positive is said of `reference`, although the first flow shares its value.
$ printf '{"mass": 0, "days": [{"temperature": 20, "batch": 2}]}' > nothing.json; zuji run kegs.pcr nothing.json
kegs: 1
  in error: no figures
! kegs.pcr:7:5: [1] error[E0717]: the reference amount is 0 kg; it must be positive (reference)
! 1 of 1 products in error
? 1

$ zuji build kegs.pcr -o kegs.pcrc; zuji run kegs.pcrc nothing.json
kegs: 1
  in error: no figures
! kegs.pcr:7:5: [1] error[E0717]: the reference amount is 0 kg; it must be positive (reference)
! 1 of 1 products in error
? 1

# No row, no mean.
$ printf '{"mass": 1, "days": []}' > none.json; zuji run kegs.pcr none.json
kegs: 1
  in error: no figures
! kegs.pcr:10:22: [1] error[E0701]: division by zero: `mean(d in days: d.temperature)`, where 0 K is divided by 0 (s.heat)
! kegs.pcr:13:23: [1] error[E0701]: division by zero: `mean(d in days where d.batch > 1 kg: d.temperature)`, where 0 K is divided by 0 (report warm)
! 1 of 1 products in error
? 1

