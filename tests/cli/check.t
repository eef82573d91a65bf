# check: nothing to say
$ zuji check plant.pcr
plant.pcr: no errors, 0 warnings

# check: one mistake, in both languages, and as JSON; exit code 1
$ zuji check bad.pcr
! error[E0301]: units do not agree: kgCO2e and t
!   --> bad.pcr:6:67
!    |
!  4 |     data { output : t, power : kWh }
!    |            ------      ----- `power` is in kWh
!    |            |
!    |            `output` is in t
!  5 |     reference output
!  6 |     stage making : production { emit sum = power * 0.5 kgCO2e/kWh + output }
!    |                                            ---------------------- ^ ------ this is t
!    |                                            |       |
!    |                                            |       this is in kgCO2e/kWh
!    |                                            this is kgCO2e
!    |
!    = note: a factor of kgCO2e/t is missing
? 1

$ zuji check bad.pcr --lang zh
! 错误[E0301]：单位不一致：kgCO2e 与 t
!   --> bad.pcr:6:67
!    |
!  4 |     data { output : t, power : kWh }
!    |            ------      ----- “power”的单位为 kWh
!    |            |
!    |            “output”的单位为 t
!  5 |     reference output
!  6 |     stage making : production { emit sum = power * 0.5 kgCO2e/kWh + output }
!    |                                            ---------------------- ^ ------ 此处为 t
!    |                                            |       |
!    |                                            |       此处单位为 kgCO2e/kWh
!    |                                            此处为 kgCO2e
!    |
!    = 说明：缺少单位为 kgCO2e/t 的因子
? 1

$ zuji check bad.pcr --format json
[
{"code":"E0301","slug":"unit-mismatch","severity":"error","message":{"en":"units do not agree: kgCO2e and t","zh":"单位不一致：kgCO2e 与 t"},"file":"bad.pcr","line":6,"column":67,"end_line":6,"end_column":68,"offset":204,"length":1,"labels":[{"file":"bad.pcr","line":6,"column":44,"end_line":6,"end_column":66,"offset":181,"length":22,"message":{"en":"this is kgCO2e","zh":"此处为 kgCO2e"}},{"file":"bad.pcr","line":6,"column":69,"end_line":6,"end_column":75,"offset":206,"length":6,"message":{"en":"this is t","zh":"此处为 t"}},{"file":"bad.pcr","line":4,"column":24,"end_line":4,"end_column":29,"offset":103,"length":5,"message":{"en":"`power` is in kWh","zh":"“power”的单位为 kWh"}},{"file":"bad.pcr","line":6,"column":52,"end_line":6,"end_column":66,"offset":189,"length":14,"message":{"en":"this is in kgCO2e/kWh","zh":"此处单位为 kgCO2e/kWh"}},{"file":"bad.pcr","line":4,"column":12,"end_line":4,"end_column":18,"offset":91,"length":6,"message":{"en":"`output` is in t","zh":"“output”的单位为 t"}}],"notes":[{"message":{"en":"a factor of kgCO2e/t is missing","zh":"缺少单位为 kgCO2e/t 的因子"}}],"fixes":[],"product":null,"path":null,"clause":null}
]
? 1

# tests/sarif.py holds it against the schema
$ zuji check bad.pcr --format sarif --lang zh | grep -o '"ruleId".*"endColumn":68' | head -1
"ruleId":"E0301","ruleIndex":0,"level":"error","message":{"text":"单位不一致：kgCO2e 与 t\n说明：缺少单位为 kgCO2e/t 的因子"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"bad.pcr"},"region":{"startLine":6,"startColumn":67,"endLine":6,"endColumn":68

$ LC_ALL=zh_CN.UTF-8 zuji check plant.pcr
plant.pcr：无错误，0 条警告

# a file that is not there; exit code 3
$ zuji check none.pcr
! error[E0901]: cannot open none.pcr: there is no such file or folder
? 3

# usage; exit code 2
$ zuji check
! error[E0906]: `zuji check` needs FILE…
? 2

$ zuji chekc plant.pcr
! error[E0902]: there is no command `chekc`; `zuji help` lists them
!    = note: did you mean `check`?
? 2

$ zuji check plant.pcr --frmat json
! error[E0903]: `zuji check` has no option --frmat
!    = note: did you mean `--format`?
? 2

# The language counts from the start, also where it stands behind the mistake.
$ zuji chekc plant.pcr --lang=zh
! 错误[E0902]：没有命令“chekc”；用 `zuji help` 查看
!    = 说明：是否为“check”？
? 2

$ zuji check plant.pcr --formt=json --lang zh
! 错误[E0903]：`zuji check` 没有选项 --formt
!    = 说明：是否为“--format”？
? 2

# An option of another command is not one that is near.
$ zuji check plant.pcr --factors
! error[E0903]: `zuji check` has no option --factors
? 2

$ zuji check plant.pcr --format
! error[E0904]: --format needs a value: FORMAT
? 2

$ zuji check plant.pcr --format yaml
! error[E0905]: --format takes text|json|sarif
? 2

$ zuji check plant.pcr --lang fr
! error[E0905]: --lang takes en|zh
? 2

# warnings pass unless they are denied
$ sed 's/gate_to_gate/cradle_to_gate/' plant.pcr > warned.pcr; zuji check warned.pcr
warned.pcr: no errors, 1 warning
! warning[W0423]: the phase `raw_material` lies inside the boundary `cradle_to_gate`, but no stage has it and it is not excluded
!   --> warned.pcr:6:14
!    |
!  6 |     boundary cradle_to_gate
!    |              ^^^^^^^^^^^^^^

$ zuji check warned.pcr --deny warnings
warned.pcr: no errors, 1 warning
! warning[W0423]: the phase `raw_material` lies inside the boundary `cradle_to_gate`, but no stage has it and it is not excluded
!   --> warned.pcr:6:14
!    |
!  6 |     boundary cradle_to_gate
!    |              ^^^^^^^^^^^^^^
? 1

# several files
$ zuji check plant.pcr bad.pcr 2>/dev/null
plant.pcr: no errors, 0 warnings
? 1

$ printf 'let x = 1\n' > module.pcr; zuji check module.pcr
module.pcr: no errors, 0 warnings


# Words that are nearly right, and the mass that a warming potential goes with.
$ printf 'import std.gases\nrule r {\n  declared 1 t, gwp ar6\n  boundary gate_to_gate\n  data { output : t, leak : kg{CH4_biogenic} }\n  reference output\n  stage s : production { emit e = leak * gwp(CH4_biogenic) }\n  round totl to 2 decimals half_evn\n}\n' > near.pcr; zuji check near.pcr 2>&1 | grep 'error\|note\|fix'
error[E0347]: a flow is an amount of CO2e, but this is kgCO2e·kg{CH4_biogenic}/kg{CH4}
   = note: `gwp(CH4_biogenic)` goes with a mass in kg{CH4}: give the mass in that unit
error[E0252]: `totl` is neither `total` nor a report
   = fix: did you mean `total`?
error[E0253]: `half_evn` is no way of rounding
   = fix: did you mean `half_even`?

$ printf '规则 铜板 "铜板" {\n    声明单位 1 t\n    边界 从大门到大门\n    数据 { 产量 : t }\n    基准 产量\n    阶段 制 : 生产 { 排放 e = 产量 * 2 kgCO2e/t }\n}\n' > part.pcr; zuji check part.pcr --lang zh 2>&1 | grep '错误\|修改'; zuji check --fix part.pcr 2>&1 | grep 'applied\|errors'
错误[E0116]：此处不应出现“边界”；应为“}”、一项声明或一项说明
   = 修改：是否为“系统边界”？
part.pcr: 1 fix applied
part.pcr: no errors, 1 warning

# Energy is named as the author names it.
$ printf 'rule r {\n  declared 1 t\n  boundary gate_to_gate\n  data { output : t }\n  reference output\n  stage s : production { emit e = output * 2 kgCO2e/kWh }\n}\n' > energy.pcr; zuji check energy.pcr 2>&1 | grep 'error\|note'
error[E0347]: a flow is an amount of CO2e, but this is kg·kgCO2e/kWh
   = note: a factor of kWh/kg is missing

# Options have two dashes.
$ zuji check plant.pcr -lang zh
! error[E0903]: `zuji check` has no option -lang
!    = note: did you mean `--lang`?
? 2

$ zuji check plant.pcr ---lang zh
! error[E0903]: `zuji check` has no option ---lang
!    = note: did you mean `--lang`?
? 2

# fixes that need no asking; a file is replaced as a whole, keeps its mode, and a link stays a link
$ printf 'rule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { mass : kg oil : kg,, gas ： m3 }\n  reference mass\n  stage s : production { emt e = mass * 2 kgCO2e/kg }\n}\n' > broken.pcr; chmod 640 broken.pcr; ln -s broken.pcr link.pcr
$ zuji check broken.pcr 2>&1 | grep -c 'error'
3
$ zuji check --fix link.pcr 2>&1 | sed -n 's/, .*//; /^link/p'
link.pcr: 3 fixes applied
link.pcr: no errors
$ sed -n '4p;6p' broken.pcr; stat -c %a broken.pcr; test -L link.pcr && ls
  data { mass : kg, oil : kg, gas ： m3 }
  stage s : production { emit e = mass * 2 kgCO2e/kg }
640
...
$ zuji check --fix broken.pcr 2>&1 | grep applied
broken.pcr: 0 fixes applied

# Ends of ranges that are not whole, and ranges without a number, are pointed out.
$ zuji check ranges.pcr 2>&1 | grep -A1 'L049[78]'
lint[L0497]: a range runs over whole numbers: for 2.5 it takes 2
  --> ranges.pcr:8:32
--
lint[L0497]: a range runs over whole numbers: for 0.5 it takes 1
  --> ranges.pcr:9:27
--
lint[L0497]: a range runs over whole numbers: for half it takes 2
  --> ranges.pcr:9:34
--
lint[L0498]: there is no whole number in this range
   --> ranges.pcr:11:27
--
lint[L0498]: there is no whole number in this range
   --> ranges.pcr:11:57

$ zuji check ranges.pcr --lang zh 2>&1 | grep 'L0497' | tail -1
建议[L0497]：区间只取整数：half 按 2 取

# Other rows are no second count; the same rows are, in whatever order the factors stand.
$ printf 'choice U { one, two }\nrule r {\n  declared 1 kg\n  boundary gate_to_gate\n  data { out: kg, ks: list of { mass: kg, pack: bool, user: U, loss: %% = 2 %% } }\n  reference out\n  let f = 3 kgCO2e/kg cite "m"\n  function of(w: U) = sum(x in ks where x.user == w: x.mass * (1 - x.loss)) * f\n  stage s : production {\n    emit packs = sum(k in ks where k.pack: k.mass) * f\n    emit goods = sum(k in ks where not k.pack: k.mass) * f\n    emit heavy = largest(k in ks where k.pack: k.mass).mass * f\n    emit heavier = largest(k in ks where not k.pack: k.mass).mass * f\n    emit first = of(one)\n    emit second = of(two)\n    emit third = f * sum(x in ks where x.user == two: (1 - x.loss) * x.mass)\n    emit fourth = (if out > 1 kg then out else 2 * out) ^ 1 * f\n    emit fifth = max(if out > 1 kg then out else 3 * out, 0 kg) * f\n    emit sixth = f * sum(j in ks where not j.pack: j.mass)\n  }\n}\n' > twice_where.pcr; zuji check twice_where.pcr 2>&1 | grep 'error\|L0468'
lint[L0468]: `heavy` counts what `packs` counts: the same data times the same factors
lint[L0468]: `heavier` counts what `goods` counts: the same data times the same factors
lint[L0468]: `third` counts what `second` counts: the same data times the same factors
lint[L0468]: `sixth` counts what `goods` counts: the same data times the same factors
twice_where.pcr: no errors, 7 warnings

$ zuji check twice_where.pcr --lang zh 2>&1 | grep 'L0468'
建议[L0468]：“heavy”与“packs”重复计算：相同的数据乘以相同的因子
建议[L0468]：“heavier”与“goods”重复计算：相同的数据乘以相同的因子
建议[L0468]：“third”与“second”重复计算：相同的数据乘以相同的因子
建议[L0468]：“sixth”与“goods”重复计算：相同的数据乘以相同的因子
