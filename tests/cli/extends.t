# a base with an open let is right by itself, and cannot be built, run or tested
$ cd sector && zuji check base.pcr 2>/dev/null
base.pcr: no errors, 2 warnings

$ cd sector && zuji build base.pcr -o base.pcrc
! error[E0458]: the rule `base` is a base for others: it cannot be built or run while `grid` is open
!    --> base.pcr:2:6
!     |
!   2 | rule base "Base" zh "基础" {
!     |      ^^^^
! ...
!  13 |     open let grid : kgCO2e/kWh "Grid" zh "电网"
!     |              ---- open: a rule that extends this one says it
! 
! warning[W0298]: this example is never run: the rule is a base for others, which have examples of their own; open in it: `grid`
!    --> base.pcr:20:5
!     |
!  20 |     example "never run" zh "不运行" { data "none.json", expect total = 1 kgCO2e/kg }
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

$ cd sector && zuji run base.pcr ../good.json --lang zh
! 错误[E0458]：规则“base”是供其他规则基于的：`grid` 尚待定，不能编译或运行
!    --> base.pcr:2:6
!     |
!   2 | rule base "Base" zh "基础" {
!     |      ^^^^
! ...
!  13 |     open let grid : kgCO2e/kWh "Grid" zh "电网"
!     |              ---- 待定：由基于本规则的规则给出
! 
! 警告[W0298]：此算例不会运行：规则供其他规则基于，后者另有自己的算例；尚待定：`grid`
!    --> base.pcr:20:5
!     |
!  20 |     example "never run" zh "不运行" { data "none.json", expect total = 1 kgCO2e/kg }
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

$ cd sector && zuji test base.pcr
base.pcr: 0 of 0 examples pass
! error[E0458]: the rule `base` is a base for others: it cannot be built or run while `grid` is open
!    --> base.pcr:2:6
!     |
!   2 | rule base "Base" zh "基础" {
!     |      ^^^^
! ...
!  13 |     open let grid : kgCO2e/kWh "Grid" zh "电网"
!     |              ---- open: a rule that extends this one says it
! 
! warning[W0298]: this example is never run: the rule is a base for others, which have examples of their own; open in it: `grid`
!    --> base.pcr:20:5
!     |
!  20 |     example "never run" zh "不运行" { data "none.json", expect total = 1 kgCO2e/kg }
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
? 1

# in a folder it is told what is not tested, and why
$ cd sector && zuji test . --lang zh
./base.pcr：未测试，其 1 个算例亦未运行：供其他规则基于，尚待定：`grid`
./mid.pcr：未测试：供其他规则基于，尚待定：`per`
./top.pcr：0 个算例中 0 个通过
./variant.pcr：0 个算例中 0 个通过
./variant.zh.pcr：0 个算例中 0 个通过
./whole.pcr：0 个算例中 0 个通过

# a variant is the rule that would be written whole, in whatever language
$ cd sector && for r in variant variant.zh whole; do zuji build $r.pcr -o $r.pcrc && zuji inspect $r.pcrc | grep hash; done | uniq | wc -l | tr -d ' '
1

$ cd sector && zuji inspect variant.pcr | sed -n '/^data/,/^choices/p; /^stages/,/^formulas/p' | grep -v 'cost\|^formulas'
data
  out : kg range 0 .. _ primary
  share : %? range 10 .. 90 default
  lines : list
  lines.power : kWh range 0 .. _
  lines.hours : h range 0 .. 8000
  lines.idle : h range 0 .. _
  site : Site

choices
stages
  s : production "Stage" "阶段甲"
    power
    idle
    rest
    more

reports
  hours : h, rounded to 6 significant, half_even

requirements
  0 "no power" "没有用电"

$ cd sector && zuji inspect variant.pcr | sed '/^formulas/,$d' | grep 'factors('
  0 factors(Site) "Grids" "电网" cite "standard" clause "A.1"

# a chain: what the one in the middle overrides is closed, what it leaves open is not
$ cd sector && zuji inspect top.pcr | sed -n '/^rule/p; /^data/,/^$/p'
rule top "Mid"
data
  out : kg range 0 .. _ primary
  share : %? range 0 .. 100 default
  lines : list
  lines.power : kWh range 0 .. _
  lines.hours : h range 0 .. 8760
  lines.idle : h range 0 .. 5

$ cd sector && printf 'import mid\nrule v extends mid {\n    override let grid = 1 kgCO2e/kWh\n}\n' > wrong.pcr && zuji check wrong.pcr
! error[E0278]: `grid` is not open in the rule `mid`
!   --> wrong.pcr:3:18
!    |
!  3 |     override let grid = 1 kgCO2e/kWh
!    |                  ^^^^
!   ::: mid.pcr:3:18
!    |
!  3 |     override let grid = per * 2
!    |                  ---- the base rule says it here
!    |
!    = note: a base that says `open let`, or `override open let` of what it overrides itself, lets its variants override it
? 1

# what is overridden and left open is overridden again, and the first base's range holds for each
$ cd sector && printf 'rule first {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg }\n    reference out\n    open let grid : kgCO2e/kWh range 0 kgCO2e/kWh .. 3 kgCO2e/kWh "Grid" = 1 kgCO2e/kWh\n    stage s : production { emit x = out * 1 kWh/kg * grid }\n}\n' > first.pcr; printf 'import first\nrule second extends first {\n    override open let grid = 1.5 kgCO2e/kWh\n}\n' > second.pcr; printf 'import second\nrule third extends second {\n    override open let grid = 2 kgCO2e/kWh\n}\n' > third.pcr; printf 'import third\n规则 fourth 基于 third {\n    改写 设 grid = 4 kgCO2e/kWh\n}\n' > fourth.pcr; printf '{"out": 2}\n' > out.json

$ cd sector && for r in first second third; do zuji run $r.pcr out.json --format ndjson | grep -o '"total":{"value":[^,]*'; done
"total":{"value":1
"total":{"value":1.5
"total":{"value":2

$ cd sector && zuji run fourth.pcr out.json --lang zh > /dev/null
! fourth.pcr:3:5: [1] 错误[E0709]：grid 不在 0 kgCO2e/kWh .. 3 kgCO2e/kWh 之内 (let grid)
! 1 个产品中有 1 个出错
? 1

$ cd sector && cp third.pcr other.pcr && zuji fmt --keywords zh other.pcr && sed -n 3p other.pcr && zuji inspect other.pcr | grep 'let grid'
    改写 待定 设 grid = 2 kgCO2e/kWh
  %0 = CONST 2 : kgCO2e/kWh  ; let grid other.pcr:3
  0: let grid = 2 kgCO2e/kWh: %0

$ cd sector && rm fourth.pcr && printf 'import second\nrule fourth extends second {\n    override let grid = 2.5 kgCO2e/kWh\n}\n' > fourth.pcr && zuji fmt --keywords zh fourth.pcr && sed -n 3p fourth.pcr && printf 'import fourth\nrule v extends fourth {\n    override let grid = 1 kgCO2e/kWh\n}\n' > wrong.pcr && zuji check wrong.pcr 2>&1 | grep E0278
    改写 设 grid = 2.5 kgCO2e/kWh
error[E0278]: `grid` is not open in the rule `fourth`

# what the files of the bases import is visible in those of their variants, through the whole chain
$ cd sector && printf 'function twice(x) = 2 * x\nlet loss = 0.1\n' > tools.pcr; printf 'import tools\nrule low {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg }\n    reference out\n    stage s : production { emit x = twice(out) * 1 kgCO2e/kg }\n}\n' > low.pcr; printf 'import low\nrule middle extends low {\n}\n' > middle.pcr; printf 'import middle\nrule high extends middle {\n    stage t : production { emit y = twice(out) * loss * 1 kgCO2e/kg }\n}\n' > high.pcr; printf '{"out": 3}\n' > out.json; zuji run high.pcr out.json --format ndjson | grep -o '"total":{"value":[^,]*'
"total":{"value":2.2

$ cd sector && printf 'let loss = 0.2\n' > mine.pcr; sed -i 's/^import middle/import middle, import mine/' high.pcr; zuji check high.pcr
! error[E0218]: `loss` is defined in two imported modules, mine.pcr and tools.pcr
!   --> high.pcr:3:50
!    |
!  3 |     stage t : production { emit y = twice(out) * loss * 1 kgCO2e/kg }
!    |                                                  ^^^^
!   ::: mine.pcr:1:5
!    |
!  1 | let loss = 0.2
!    |     ---- first defined here
? 1

# choices and tables of the bases get members and rows, through the whole chain; what they then lack is said
$ cd sector && printf 'choice Unit "Unit" zh "工序" { kiln "Kiln" zh "窑", outside }\ntable loss(u: Unit) -> kgCO2e/kg cite "standard" { kiln => 2\n    outside => 0 }\nrule works {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg, moved: list of { mass: kg, to: Unit } }\n    reference out\n    table share(u: Unit) -> %% { kiln => 50\n    otherwise => 100 }\n    stage s : production { emit x = sum(m in moved: m.mass * loss(m.to) * share(m.to)) }\n    report units : number = count(u in Unit)\n}\n' > works.pcr; printf 'import works\nrule mills extends works {\n    extend choice Unit { mill "Mill" zh "磨" }\n    extend table loss cite "meter" { mill => 3 }\n}\n' > mills.pcr; printf 'import mills\nlet pressed = 4 kgCO2e/kg cite "own"\nrule presses extends mills {\n    extend choice Unit { press = "P1" }\n    extend table loss { press => (pressed) }\n    extend table share { press => 25 }\n}\n' > presses.pcr; printf '{"out": 1, "moved": [{"mass": 1, "to": "kiln"}, {"mass": 1, "to": "mill"}, {"mass": 1, "to": "P1"}]}\n' > moved.json

$ cd sector && zuji run presses.pcr moved.json --format json | grep -o '"total":{"value":[^,]*\|"reports":{[^}]*}'
"total":{"value":5
"reports":{"units":{"value":4,"unit":"1","reported":"4.00000"}

$ cd sector && zuji inspect presses.pcr | sed -n '/^choices/,/^$/p; /loss(Unit)/,/^  [2-9]/p'
choices
  Unit { kiln, outside, mill, press = "P1" }

  1 loss(Unit) cite "standard; meter"
    rows 0 1 2 3
    column 0  : kgCO2e/kg = 2, 0, 3, 4
  2 share(Unit)

$ cd sector && cp presses.pcr pressen.pcr && zuji fmt --keywords zh pressen.pcr && sed -n '4,6p' pressen.pcr && zuji inspect presses.pcr | grep '  hash' > a.hash; zuji inspect pressen.pcr | grep '  hash' | diff - a.hash
    补充 选项 Unit { press = "P1" }
    补充 表 loss { press =>（pressed） }
    补充 表 share { press => 25 }

$ cd sector && sed '/extend table loss/d' presses.pcr > wrong.pcr; zuji check wrong.pcr
! error[E0411]: the table `loss` has no row for: press
!   --> works.pcr:2:7
!    |
!  1 | choice Unit "Unit" zh "工序" { kiln "Kiln" zh "窑", outside }
!    |        ---- its members are listed here
!  2 | table loss(u: Unit) -> kgCO2e/kg cite "standard" { kiln => 2
!    |       ^^^^
? 1

$ cd sector && sed 's/extend choice Unit {/extend choice Unit { kiln,/' presses.pcr > wrong.pcr; zuji check wrong.pcr
! error[E0211]: `kiln` is defined twice
!   --> wrong.pcr:4:26
!    |
!  4 |     extend choice Unit { kiln, press = "P1" }
!    |                          ^^^^
!   ::: works.pcr:1:30
!    |
!  1 | choice Unit "Unit" zh "工序" { kiln "Kiln" zh "窑", outside }
!    |                                ---- first defined here
? 1

$ cd sector && printf 'import works\nrule v extends works {\n    extend choice Mode { rocket }\n    extend table loss { => kiln, outside }\n}\n' > wrong.pcr; zuji check wrong.pcr --lang zh
! 错误[E0279]：规则“works”中没有可补充的选项“Mode”
!   --> wrong.pcr:3:19
!    |
!  3 |     extend choice Mode { rocket }
!    |                   ^^^^
!   ::: works.pcr:4:6
!    |
!  4 | rule works {
!    |      ----- 所基于的规则
! 
! 错误[E0123]：没有键的一行只能是表的首行
!   --> wrong.pcr:4:28
!    |
!  4 |     extend table loss { => kiln, outside }
!    |                            ^^^^
? 1

# the places in messages are those of both files
$ cd sector && printf 'import base\nrule v extends base {\n    override let grid = 2 kg\n}\n' > wrong.pcr && zuji check wrong.pcr
! error[E0301]: units do not agree: kg and kgCO2e/kWh
!    --> wrong.pcr:3:25
!     |
!   3 |     override let grid = 2 kg
!     |                         ^^^^ this is in kg
!    ::: base.pcr:13:21
!     |
!  13 |     open let grid : kgCO2e/kWh "Grid" zh "电网"
!     |                     ---------- declared as kgCO2e/kWh here
!     |
!     = note: a factor of kgCO2e/(kg·kWh) is missing
? 1

$ cd sector && printf 'import base\nrule v extends base {\n    override let kept = 2 kg\n    override let used = 2 kWh\n    data { out: kg = 2 kg }\n}\n' > wrong.pcr && zuji check wrong.pcr --lang zh
! 错误[E0277]：“kept”没有可改写的对象：规则“base”中没有“待定 设 kept”
!   --> wrong.pcr:3:18
!    |
!  3 |     override let kept = 2 kg
!    |                  ^^^^
!   ::: base.pcr:2:6
!    |
!  2 | rule base "Base" zh "基础" {
!    |      ---- 所基于的规则
! 
! 错误[E0278]：“used”在规则“base”中不是待定的
!    --> wrong.pcr:4:18
!     |
!   4 |     override let used = 2 kWh
!     |                  ^^^^
!    ::: base.pcr:14:9
!     |
!  14 |     let used = sum(l in lines: l.power)
!     |         ---- 基础规则的规定在此
!     |
!     = 说明：在基础规则中写作“待定 设”（改写而来的写作“改写 待定 设”），派生规则才可改写
! 
! 错误[E0457]：“out”须填报，没有可替换的缺省值
!   --> wrong.pcr:5:22
!    |
!  5 |     data { out: kg = 2 kg }
!    |                      ^^^^
!   ::: base.pcr:8:9
!    |
!  8 |         out   : kg primary
!    |         --- 基础规则的规定在此
? 1

# a cycle through both files
$ cd sector && printf 'import base\nrule v extends base {\n    override let grid = used / out * 1 kgCO2e·kg/kWh2 * twice\n    let twice = grid * 2 kWh/kgCO2e\n}\n' > wrong.pcr && zuji check wrong.pcr
! error[E0401]: a value needs itself: grid → twice → grid
!   --> wrong.pcr:3:18
!    |
!  3 |     override let grid = used / out * 1 kgCO2e·kg/kWh2 * twice
!    |                  ^^^^                                   ----- `grid` needs `twice` here
!  4 |     let twice = grid * 2 kWh/kgCO2e
!    |                 ---- `twice` needs `grid` here
? 1

# the boundary is that of the composed rule
$ cd sector && printf 'import base\nrule v extends base {\n    boundary cradle_to_grave\n    exclude raw_material, use because "no" zh "无"\n    override let grid = 1 kgCO2e/kWh cite "m"\n}\n' > wrong.pcr && zuji check wrong.pcr 2>&1 | grep -A1 W0423
warning[W0423]: the phase `distribution` lies inside the boundary `cradle_to_grave`, but no stage has it and it is not excluded
  --> wrong.pcr:3:14

# a variant counts what its base leaves out: its stage speaks for the phase, the base's words for the others
$ cd sector && printf 'import base\nrule v extends base {\n    override let grid = 1 kgCO2e/kWh cite "m"\n    stage ore : raw_material "Ore" zh "矿" { emit ore "Ore" zh "矿石" = out * kept }\n}\n' > wider.pcr && zuji check wider.pcr 2>&1 | grep E0421
? 1

$ cd sector && printf 'import base\nrule v extends base {\n    exclude raw_material because "no" zh "无"\n    override let grid = 1 kgCO2e/kWh cite "m"\n    stage ore : raw_material "Ore" zh "矿" { emit ore "Ore" zh "矿石" = out * kept }\n}\n' > wider.pcr && zuji check wider.pcr 2>&1 | grep E0421
error[E0421]: the phase `raw_material` is excluded or counted as zero, yet it has a stage

# a variant rounds anew what its base rounds, in whatever language; the rest is rounded as before
$ cd sector && printf 'rule b {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg }\n    reference out\n    stage s : production { emit x = out * 2 kgCO2e/kg }\n    report half : kg = out / 2\n    round total to 3 significant\n    round half to 1 decimals\n}\n' > b.pcr && printf '引入 b\n规则 v 基于 b { 修约 总量 至 2 位小数 }\n' > v.pcr && zuji inspect v.pcr | grep rounded
  total in kgCO2e/kg, rounded to 2 decimals, half_even
  stages rounded to 2 decimals, half_even, flows to 2 decimals, half_even
  half : kg, rounded to 1 decimals, half_even

$ cd sector && printf '{"out":"3 kg"}' > v.json && zuji run v.pcr v.json --format ndjson | sed 's/.*"reported":"\([^"]*\)".*/\1/'
2.00

# a base may leave the declared unit to its variants, and with it the reference; what it says of the total is checked there
$ cd sector && printf 'rule b {\n    open declared\n    boundary gate_to_gate\n    data { power: kWh }\n    stage s : production { emit x = power * 2 kgCO2e/kWh }\n    report twice : kgCO2e/t = total * 2\n}\n' > b.pcr && zuji check b.pcr
b.pcr: no errors, 0 warnings

$ cd sector && zuji build b.pcr -o b.pcrc --lang zh
! 错误[E0458]：规则“b”是供其他规则基于的：`声明单位` 尚待定，不能编译或运行
!   --> b.pcr:1:6
!    |
!  1 | rule b {
!    |      ^
!  2 |     open declared
!    |     ------------- 待定：由基于本规则的规则给出
? 1

$ cd sector && printf 'import b\nrule v extends b { declared 1 t, data { made: t }, reference made }\n' > v.pcr && printf '{"made":4,"power":10}' > v.json && zuji run v.pcr v.json --format ndjson | grep -o '"reported":"[^"]*"'
"reported":"5.00000"

$ cd sector && printf '引入 b\n规则 v 基于 b { 功能单位 1 kWh，数据 { made：kWh } }\n' > v.pcr && zuji check v.pcr 2>&1 | grep error
error[E0420]: the rule `v` does not say what the data cover: `reference amount`
error[E0301]: units do not agree: kgCO2e/J and kgCO2e/t

# what a variant says of a list that it names again is taken; what it does not say is the base's
$ cd sector && printf 'rule b {\n    open declared\n    boundary gate_to_gate\n    data {\n        parts: list of { mass: kg } "Parts" zh "部件" clause "1" cite "base"\n        mills: list of { power: kWh } "Mills" zh "磨机" clause "2"\n    }\n    open let grid : kgCO2e/kWh\n    function twice(w: kg) = 2 * w\n    stage s : production {\n        emit x = sum(p in mills: p.power) * grid\n        emit y = sum(m in parts: twice(m.mass)) * 2 kgCO2e/kg\n    }\n}\n' > b.pcr && printf 'import b\nrule v extends b {\n    declared 1 kg\n    data {\n        parts: list of { more: kg } "Pieces" zh "件"\n        mills: list of { idle: kWh } clause "7"\n        goods: list of { name: text, mass: kg } key name\n    }\n    override let grid = 1 kgCO2e/kWh\n    reference for each p in goods: p.mass\n    allocate s to q in goods by q.mass because "by mass"\n}\n' > v.pcr && zuji inspect v.pcr | grep ' : list'
  parts : list "Pieces" "件" clause "1"
  mills : list "Mills" "磨机" clause "7"
  goods : list key name

# the row of its `for each`, and what else it declares, may be called as a name that is bound in a formula of the base
$ cd sector && sed 's/reference for/data { m: kg, w: number }\n    reference for/' v.pcr > w.pcr && zuji check w.pcr 2> /dev/null; printf '{"parts":[{"mass":"1 kg","more":0}],"mills":[{"power":"4 kWh","idle":0}],"goods":[{"name":"g","mass":"3 kg"},{"name":"h","mass":"1 kg"}],"m":0,"w":0}' > w.json && zuji run w.pcr w.json --format ndjson | grep -o '"total":{[^}]*}'
w.pcr: no errors, 6 warnings
"total":{"value":2,"unit":"kgCO2e/kg","reported":"2.00000"}
"total":{"value":2,"unit":"kgCO2e/kg","reported":"2.00000"}

# one that hides another in one file, or what the variant sees of its base, may not
$ cd sector && sed 's/= 1 kgCO2e/= sum(p in goods: p.mass) * 1 kgCO2e\/kg/' v.pcr > w.pcr && zuji check w.pcr 2>&1 | grep -A3 E0212
error[E0212]: `p` would hide another `p` that is visible here; choose another name
   --> w.pcr:9:29
    |
  9 |     override let grid = sum(p in goods: p.mass) * 1 kgCO2e/kg/kWh

$ cd sector && sed 's/for each p/for each grid/; s/p.mass/grid.mass/' v.pcr > w.pcr && zuji check w.pcr --lang zh 2>&1 | grep E0212
错误[E0212]：“grid”会遮蔽此处可见的另一个“grid”；请另取名称

$ cd sector && sed 's/twice(w/twice(grid/; s/2 \* w/2 * grid/' b.pcr > base_too.pcr && mv base_too.pcr b.pcr && zuji check v.pcr 2>&1 | grep -A1 E0212
error[E0212]: `grid` would hide another `grid` that is visible here; choose another name
  --> b.pcr:9:20
