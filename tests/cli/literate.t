# the fences are the program, the headings its clauses; a heading that nothing implements is linted
$ cd literate && zuji check battery.pcr.md
battery.pcr.md: no errors, 3 warnings
! lint[L0486]: `电池` has no example
!    --> battery.pcr.md:19:4
!     |
!  19 | 规则 电池 "电池" en "Battery" {
!     |      ^^^^
! 
! lint[L0459]: nothing implements the clause 6.2: write it in a fence beneath, or mark the heading `(informative)` or `(waived: reason)`
!    --> battery.pcr.md:62:5
!     |
!  62 | ### 6.2 分销
!     |     ^^^^^^^^
! 
! lint[L0460]: the heading waives its clause without a reason: `(waived: reason)`
!    --> battery.pcr.md:74:4
!     |
!  74 | ## 附录 C 待补（豁免）
!     |    ^^^^^^^^^^^^^^^^^^^

$ cd literate && zuji check battery.pcr.md --lang zh 2>&1 | grep 条款
建议[L0459]：条款 6.2 没有对应的声明：请在其下的代码块中写出，或在标题中标明“（资料性）”或“（豁免：理由）”
建议[L0460]：标题豁免了该条款而未说明理由：“（豁免：理由）”

$ cd literate && zuji inspect battery.pcr.md | grep -E 'clause|valid'
  valid 2025-01-01 .. 2030-12-31 by 报告年
  报告年 : year clause "5.1"
  容量 : kWh range 0 .. _ clause "5.1"
  溶剂 : kg range 0 .. _ clause "5.1"
  回收() : 1 = 1 "Recovery" "回收" cite "本附录" clause "附录 B"
  raw_material excluded "Raw material acquisition" "原材料获取" because "not here" "不在此" clause "4"
  制造 : production clause "6.1"
    箱体 clause "6.1"
    溶剂 clause "7"
  0 "no capacity" "没有容量" clause "6.1"

# results name the clause; data outside the validity of the rule are refused
$ cd literate && zuji run battery.pcr.md data.json --format ndjson --detail totals 2>/dev/null | cut -c1-60
{"id":"a","status":"ok","total":{"value":3,"unit":"kgCO2e/kW
{"id":"b","status":"error","total":null,"notes":[{"code":"E0
{"id":"c","status":"error","total":null,"notes":[{"code":"E0
{"id":"d","status":"error","total":null,"notes":[{"code":"E0

$ cd literate && zuji run battery.pcr.md data.json 2>&1 >/dev/null
data.json:1:65: [b] error[E0682]: the rule has expired for these data: `报告年` is 2031, and the rule is valid 2025-01-01 .. 2030-12-31 (报告年), clause: 5.1
data.json:1:109: [c] error[E0683]: the rule is not yet in force for these data: `报告年` is 2024, and the rule is valid 2025-01-01 .. 2030-12-31 (报告年), clause: 5.1
battery.pcr.md:58:5: [d] error[E0709]: no capacity; the value is 0 kWh (require), clause: 6.1
3 of 4 products in error
? 1

$ cd literate && zuji run battery.pcr.md data.json --lang zh 2>&1 >/dev/null
data.json:1:65: [b] 错误[E0682]：规则对这些数据已失效：“报告年”为 2031，规则的有效期为 2025-01-01 .. 2030-12-31 (报告年)，条款：5.1
data.json:1:109: [c] 错误[E0683]：规则对这些数据尚未生效：“报告年”为 2024，规则的有效期为 2025-01-01 .. 2030-12-31 (报告年)，条款：5.1
battery.pcr.md:58:5: [d] 错误[E0709]：没有容量；其值为 0 kWh (require)，条款：6.1
4 个产品中有 3 个出错
? 1

$ cd literate && zuji run battery.pcr.md data.json --product a | grep valid && zuji run battery.pcr.md data.json --product a --lang zh | grep 有效 && zuji run battery.pcr.md data.json --product a --format json --lang zh | grep -o '"valid":{[^}]*}'
  the rule is valid 2025-01-01 .. 2030-12-31
  规则有效期 2025-01-01 .. 2030-12-31
"valid":{"from":"2025-01-01","to":"2030-12-31","by":"报告年"}

# a literate rule is built, tested and imported as any other
$ cd literate && zuji build battery.pcr.md -o battery.pcrc && zuji run battery.pcrc data.json --product a --format ndjson
{"id":"a","status":"ok","total":{"value":3,"unit":"kgCO2e/kWh","reported":"3.00000"},"notes":[]}

$ cd literate && zuji test .
./battery.pcr.md: 0 of 0 examples pass
./larger.pcr: 0 of 0 examples pass

$ cd literate && zuji run larger.pcr data.json --product a --format ndjson
{"id":"a","status":"ok","total":{"value":3,"unit":"kgCO2e/kWh","reported":"3.00000"},"notes":[]}

# places are those of the Markdown file
$ cd literate && printf '# Broken\n\n## 3 Rule\n\n```zuji\nrule r {\n    declared 1 kg\n    data { out: kg }\n    reference oot\n```\n\n## 4 Stage\n\n```zuji\n    stage s : production { emit x = out * 2 kgCO2e/kg }\n}\n```\n' > broken.pcr.md && zuji check broken.pcr.md
! error[E0210]: `oot` is not known here
!   --> broken.pcr.md:9:15
!    |
!  9 |     reference oot
!    |               ^^^
!    |
!    = fix: did you mean `out`?
? 1

# a fence without an end; no fence
$ printf '# A\n~~~~zuji\nlet x = 1\n~~~\n' > open.pcr.md && zuji check open.pcr.md
! error[E0284]: the fence that begins here is not closed
!   --> open.pcr.md:2:1
!    |
!  2 | ~~~~zuji
!    | ^^^^^^^^
? 1

$ printf '# A\n' > none.pcr.md && zuji check none.pcr.md --lang zh
! 错误[E0285]：none.pcr.md 中没有程序：声明须写在 ```zuji 与 ``` 两行之间
!   --> none.pcr.md:1:1
!    |
!  1 | # A
!    | ^
? 1

