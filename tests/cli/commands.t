# test: the examples of a rule
$ zuji test plant.pcr
plant.pcr: 1 of 1 examples pass

$ sed 's/expect total = 500/expect total = 501/' plant.pcr > wrong.pcr; zuji test wrong.pcr
wrong.pcr: 0 of 1 examples pass
! error[E0912]: total should be 501 kgCO2e/t, and is 500 kgCO2e/t
!    --> wrong.pcr:26:70
!     |
!  26 |     example "two tonnes" zh "两吨" { data "good.json" key "two tonnes" expect total = 501 kgCO2e/t expect intensity = 1000 kWh/t }
!     |                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
!     |
!     = note: the difference is -1 kgCO2e/t
? 1

$ sed 's/key "two tonnes"/key "three tonnes"/' plant.pcr > nokey.pcr; zuji test nokey.pcr
nokey.pcr: 0 of 1 examples pass
! error[E0914]: example "two tonnes": the data have no product `three tonnes`
!    --> nokey.pcr:26:5
!     |
!  26 |     example "two tonnes" zh "两吨" { data "good.json" key "three tonnes" expect total = 500 kgCO2e/t expect intensity = 1000 kWh/t }
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

$ sed 's/"good.json" key "two tonnes"/"none.json"/' plant.pcr > nodata.pcr; zuji test nodata.pcr
nodata.pcr: 0 of 1 examples pass
! error[E0901]: cannot open none.json: there is no such file or folder
? 1

$ sed 's/expect total = 500 kgCO2e\/t/expect making.oil = 1 kgCO2e\/t/' plant.pcr > absent.pcr; zuji test absent.pcr
absent.pcr: 0 of 1 examples pass
! error[E0913]: making.oil should be 1 kgCO2e/t, and is absent
!    --> absent.pcr:26:70
!     |
!  26 |     example "two tonnes" zh "两吨" { data "good.json" key "two tonnes" expect making.oil = 1 kgCO2e/t expect intensity = 1000 kWh/t }
!     |                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

$ printf '[{"id": "two tonnes", "output": 0, "power": 1}]' > zero.json; sed 's/good.json/zero.json/' plant.pcr > zero.pcr; zuji test zero.pcr
zero.pcr: 0 of 1 examples pass
! zero.pcr:22:5: [two tonnes] error[E0709]: nothing was made; the value is 0 t (require)
! error[E0915]: example "two tonnes": product two tonnes is in error
!    --> zero.pcr:26:5
!     |
!  26 |     example "two tonnes" zh "两吨" { data "zero.json" key "two tonnes" expect total = 500 kgCO2e/t expect intensity = 1000 kWh/t }
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

$ sed 's/    require output/    warn power < 2000 kWh else "much power" zh "用电偏多"\n    require output/' plant.pcr > warned.pcr; zuji test warned.pcr; zuji test warned.pcr --lang zh
warned.pcr: 1 of 1 examples pass
warned.pcr：1 个算例中 1 个通过
! warned.pcr:22:5: [two tonnes] warning[W0750]: much power
! warned.pcr:22:5: [two tonnes] 警告[W0750]：用电偏多

$ mkdir empty; zuji test empty
! error[E0916]: no rule below empty
? 1

$ zuji test nowhere
! error[E0901]: cannot open nowhere: there is no such file or folder
? 3

$ printf 'let x = 1\n' > module.pcr; zuji test module.pcr
module.pcr: 0 of 0 examples pass
! error[E0907]: module.pcr declares no rule
? 1

# a folder: modules without a rule are no rules
$ mkdir rules; cp plant.pcr good.json module.pcr rules; zuji test rules
rules/plant.pcr: 1 of 1 examples pass

# new: a rule that works, in both languages; nothing is overwritten
$ mkdir new; cd new && zuji new brick && zuji check brick.pcr && zuji test brick.pcr && zuji run brick.pcr brick.json --detail totals
brick.pcr written
brick.json written
brick.pcr: no errors, 0 warnings
brick.pcr: 1 of 1 examples pass
brick: a small plant, 2024
  708 kgCO2e per 1 t of product leaving the plant

$ cd new && zuji new brick
! error[E0910]: brick.pcr is there already
? 1

$ zuji new '9 bricks'
! error[E0911]: `9 bricks` is no name of a rule: letters, digits and `_`, not a digit first, and no word of the language
? 2

$ zuji new
! error[E0906]: `zuji new` needs NAME
? 2

$ mkdir zh; cd zh && zuji new brick --lang zh && zuji test brick.pcr
已写出 brick.pcr
已写出 brick.json
brick.pcr: 1 of 1 examples pass

$ grep -c '报告年\|产量\|电网' zh/brick.json; zuji check zh/brick.pcr --lang zh; zuji run zh/brick.pcr zh/brick.json --format ndjson
3
zh/brick.pcr：无错误，0 条警告
{"id":"一个小厂，2024年","status":"ok","total":{"value":708.238496,"unit":"kgCO2e/t","reported":"708"},"notes":[]}

$ for d in new/brick.json zh/brick.json; do zuji run zh/brick.pcr $d --format ndjson | grep -o '"value":[0-9.]*'; done | uniq
"value":708.238496

$ zuji build new/brick.pcr -o en.pcrc && zuji build zh/brick.pcr -o zh.pcrc && for r in en zh; do zuji run $r.pcrc new/brick.json --format json | grep -o '"hash":"[0-9a-f]*"'; done | uniq | wc -l
1

# explain-code
$ zuji explain-code E0301 | head -1
E0301 unit-mismatch: units do not agree: … and …

$ zuji explain-code e0301 --lang zh | head -1
E0301 unit-mismatch: 单位不一致：… 与 …

$ zuji explain-code E0701 --lang zh | tail -n +5
出错的例子：

    rule tiles "Tiles" zh "瓷砖" {
        declared 1 t
        boundary gate_to_gate
        data { tiles : t, loss : % }
        reference tiles

        stage firing : production {
            emit gas = tiles * 190 kgCO2e/t / loss
        }
    }

  data.json:

    {"id": "a", "tiles": 10, "loss": "0 %"}

改正后：
...

$ zuji explain-code E9999
! error[E0909]: there is no message `E9999`
? 1

$ zuji explain-code
! error[E0906]: `zuji explain-code` needs CODE
? 2

# build
$ zuji build plant.pcr
! error[E0906]: `zuji build` needs -o RULE.pcrc
? 2

$ zuji build bad.pcr -o bad.pcrc 2>/dev/null; ls bad.pcrc 2>&1 | sed 's/^.*: //'
No such file or directory

$ zuji build plant.pcr -o nowhere/plant.pcrc
! error[E0901]: cannot open nowhere/plant.pcrc: there is no such file or folder
? 3

$ zuji build module.pcr -o module.pcrc
! error[E0907]: module.pcr declares no rule
? 1

# help and version
$ zuji --version
zuji 0.1.0

$ zuji
usage: zuji COMMAND [OPTIONS] …
...
exit codes: 0 ok, 1 findings or a product in error, 2 usage, 3 input or output, 4 internal
? 2

$ zuji --help | head -3
usage: zuji COMMAND [OPTIONS] …
commands:
  zuji check FILE…

$ zuji run --help
  zuji run RULE DATA…
...
  --cost-limit N
      largest cost of one product, in instructions times rows; default 100000000

$ zuji help run --lang zh | head -2
  zuji run RULE DATA…
      计算碳足迹；RULE 为源文件或编译后的规则，DATA 为 JSON、NDJSON、CSV 文件夹，或 - 表示标准输入

$ zuji help nothing
! error[E0902]: there is no command `nothing`; `zuji help` lists them
? 2

$ zuji help biuld
! error[E0902]: there is no command `biuld`; `zuji help` lists them
!    = note: did you mean `build`?
? 2

