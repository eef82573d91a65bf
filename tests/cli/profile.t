# a profile of one's own, whose checklist is filled: met, not met, not concerned, to be judged by hand; a draft may still lack something
$ zuji check panel.pcr --checklist
panel.pcr: no errors, 2 warnings
house, House rules: the checklist of wall_panel
  [x] must the unit has a text (clause 4.1)
        panel.pcr:23:5
  [ ] must the edition can be identified
        panel.pcr:20:6  the rule has no `version`
  [x] must modules of EN 15804
        panel.pcr:21:5
  [ ] should stages of PEF
        panel.pcr:21:5  `en_15804_a2` is none of pef
  [-] must cut-offs stay small
  [x] must factors are split
        panel.pcr:38:12
  [x] must uptake is shown, not summed
        panel.pcr:45:16
  [x] must credits are in module D
        panel.pcr:54:15
  [x] must results are given by module
        every result gives it
  [?] must scenarios are realistic
6 met, 2 not met, 1 not concerned, 1 to be judged by hand
! warning[W0443]: `house` demands: the edition can be identified; the rule has no `version`
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^
!  21 |     lifecycle en_15804_a2
!  22 |     conforms  house
!     |               ----- the rule says here that it conforms
! 
! lint[L0486]: `wall_panel` has no example
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^

# the same in Chinese, of a profile that is asked for: what it only advises is said too
$ zuji check panel.pcr --profile house --checklist --lang zh
panel.pcr：无错误，3 条警告
house（内部要求）：wall_panel 的核对表
  [x] 应 单位有文字说明（条款 4.1）
        panel.pcr:23:5
  [ ] 应 版本可识别
        panel.pcr:20:6  规则没有“版本”
  [x] 应 采用 EN 15804 的模块
        panel.pcr:21:5
  [ ] 宜 采用 PEF 的阶段
        panel.pcr:21:5  “en_15804_a2”不在其中：pef
  [-] 应 取舍较小
  [x] 应 因子分列
        panel.pcr:38:12
  [x] 应 吸收单列，不计入合计
        panel.pcr:45:16
  [x] 应 抵扣只在 D 模块
        panel.pcr:54:15
  [x] 应 按模块给出结果
        每份结果都给出
  [?] 应 情景符合实际
6 项满足，2 项未满足，1 项不涉及，1 项须人工判定
! 警告[W0443]：“house”规定：版本可识别；规则没有“版本”
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^
!  21 |     lifecycle en_15804_a2
!  22 |     conforms  house
!     |               ----- 规则在此声明符合
! 
! 建议[L0486]：“wall_panel”没有算例
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^
! 
! 建议[L0444]：“house”建议：采用 PEF 的阶段；“en_15804_a2”不在其中：pef
!    --> panel.pcr:21:5
!     |
!  21 |     lifecycle en_15804_a2
!     |     ^^^^^^^^^^^^^^^^^^^^^

# as JSON, in both languages
$ zuji check panel.pcr --profile house --checklist --format json | tail -12
,"checklists":[
{"profile":"house","title":{"en":"House rules","zh":"内部要求"},"rule":"wall_panel","demands":[
{"word":"unit_stated","strength":"must","clause":"4.1","text":{"en":"the unit has a text","zh":"单位有文字说明"},"verdict":"met","file":"panel.pcr","line":23,"column":5},
{"word":"version_stated","strength":"must","clause":null,"text":{"en":"the edition can be identified","zh":"版本可识别"},"verdict":"unmet","detail":{"en":"the rule has no `version`","zh":"规则没有“版本”"},"file":"panel.pcr","line":20,"column":6},
{"word":"lifecycle_among","strength":"must","clause":null,"text":{"en":"modules of EN 15804","zh":"采用 EN 15804 的模块"},"verdict":"met","file":"panel.pcr","line":21,"column":5},
{"word":"lifecycle_among","strength":"should","clause":null,"text":{"en":"stages of PEF","zh":"采用 PEF 的阶段"},"verdict":"unmet","detail":{"en":"`en_15804_a2` is none of pef","zh":"“en_15804_a2”不在其中：pef"},"file":"panel.pcr","line":21,"column":5},
{"word":"cutoff_within","strength":"must","clause":null,"text":{"en":"cut-offs stay small","zh":"取舍较小"},"verdict":"not_concerned","file":null,"line":null,"column":null},
{"word":"factors_split","strength":"must","clause":null,"text":{"en":"factors are split","zh":"因子分列"},"verdict":"met","file":"panel.pcr","line":38,"column":12},
{"word":"removals_apart","strength":"must","clause":null,"text":{"en":"uptake is shown, not summed","zh":"吸收单列，不计入合计"},"verdict":"met","file":"panel.pcr","line":45,"column":16},
{"word":"credits_beyond","strength":"must","clause":null,"text":{"en":"credits are in module D","zh":"抵扣只在 D 模块"},"verdict":"met","file":"panel.pcr","line":54,"column":15},
{"word":"in_result","strength":"must","clause":null,"text":{"en":"results are given by module","zh":"按模块给出结果"},"verdict":"met","detail":{"en":"every result gives it","zh":"每份结果都给出"},"file":null,"line":null,"column":null},
{"word":"by_hand","strength":"must","clause":null,"text":{"en":"scenarios are realistic","zh":"情景符合实际"},"verdict":"by_hand","file":null,"line":null,"column":null}]}]}

# a published rule may lack nothing that is demanded
$ sed 's/lifecycle en_15804_a2/status published lifecycle en_15804_a2/' panel.pcr > published.pcr; zuji check published.pcr 2>&1 | grep -A1 E0442
error[E0442]: `house` demands: the edition can be identified; the rule has no `version`
   --> published.pcr:20:6

# a profile of the prelude
$ zuji check panel.pcr --profile en_15804_a2 --checklist
panel.pcr: no errors, 3 warnings
en_15804_a2, EN 15804:2012+A2:2019 (global warming potential): the checklist of wall_panel
  [x] must The functional or declared unit is defined
        panel.pcr:23:5
  [ ] must The rule and its edition can be identified
        panel.pcr:20:6  the rule has no `version`
  [x] must Information is given by module
        panel.pcr:21:5
  [x] must The type of declaration is stated
        panel.pcr:24:5
  [x] must A module that is not declared is named as such
        panel.pcr:24:5
  [x] must What is left out is justified
        panel.pcr:25:5
  [ ] must Modules C1 to C4 and D are declared
        panel.pcr:24:5  the phase `C1` has no stage and is not zero
  [-] must The warming potentials are those of the standard, of EF 3.0 (AR5 with feedback) or of EF 3.1 (AR6)
  [-] must Not over 1 % of a unit process, not over 5 % of a module
  [x] must GWP-fossil, GWP-biogenic and GWP-luluc are told apart
        panel.pcr:38:12
  [x] must Avoided burdens are in module D only, which is never summed in
        panel.pcr:54:15
  [ ] must The data say the period that they cover
        panel.pcr:20:6  no datum is a year or a date
  [x] must Values that were not measured have a source
        panel.pcr:39:9
  [-] must Sources are final
  [x] must Results are given for each module; what is not declared is no zero
        every result gives it
  [?] must The content of biogenic carbon in product and packaging is declared, and uptake and release balance
  [-] must Allocation is justified
  [?] must Allocation is physical where prices differ little, else economic
  [?] must Module D is on the net flow of secondary material
  [?] must Scenarios are realistic and each is given for 100 %
9 met, 3 not met, 4 not concerned, 4 to be judged by hand
! warning[W0443]: `house` demands: the edition can be identified; the rule has no `version`
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^
!  21 |     lifecycle en_15804_a2
!  22 |     conforms  house
!     |               ----- the rule says here that it conforms
!     |
!     = note: `en_15804_a2` demands too: The rule and its edition can be identified; the rule has no `version`
!     = note: `en_15804_a2` demands too: The data say the period that they cover; no datum is a year or a date
! 
! lint[L0486]: `wall_panel` has no example
!    --> panel.pcr:20:6
!     |
!  20 | rule wall_panel "Interior wall panel" zh "室内墙板" {
!     |      ^^^^^^^^^^
! 
! warning[W0443]: `en_15804_a2` demands: Modules C1 to C4 and D are declared; the phase `C1` has no stage and is not zero
!    --> panel.pcr:24:5
!     |
!  24 |     boundary  cradle_to_gate_with_c_and_d
!     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

# there is no such profile
$ zuji check panel.pcr --profile en_15804
! error[E0905]: --profile takes house, iso_14067, gb_t_24067_2024, pef_2021, en_15804_a2, pact_3
? 2

# a checklist is no finding of SARIF
$ zuji check panel.pcr --checklist --format sarif
! error[E0905]: --checklist --format takes text|json
? 2

# the compiled rule, with its cuts
$ zuji build panel.pcr -o panel.pcrc 2> messages; zuji inspect panel.pcrc | sed -n '/^phases/,$p' | sed '/^formulas/,/^$/d'
phases
  A1_A3 "Raw material supply, transport, manufacturing" "原材料供应、运输、制造"
  C1 excluded "Deconstruction, demolition" "拆除" because "pulled off by hand" "手工拆除"
  C2 zero "Transport to waste processing" "废物运输" because "burnt on site" "现场焚烧"
  C3 "Waste processing" "废物处理"
  C4 "Disposal" "处置"
  D apart "Benefits and loads beyond the system boundary" "系统边界外的收益与负荷"

categories
  fossil
  biogenic
  land_use_change
  biogenic_removal apart

breakdowns
  scope "Scopes" "范围"
    scope1 "Own" "自有"
    scope2 "Bought energy" "外购能源"
    scope3 apart "Others" "其他"

stages
  making : A1_A3 "Production" "生产"
    materials as scope3 "Materials" "材料"
    remove uptake "Uptake" "吸收"
  sorting : C3 "Waste processing" "废物处理"
    release as scope1 "Release" "释放"
  tip : C4 "Disposal" "处置"
    tip as scope1 "Tip" "填埋"
  beyond : D "Beyond the boundary" "边界外"
    avoid recycling "Recycling, net" "净回收" because "what is recycled less what came from recycling" "净输出量"

cost of a product at most 75

# the same rule in the other language: phases and categories are spelt anew, and the meaning is the same
$ cp panel.pcr panel.zh.pcr; zuji fmt panel.zh.pcr --keywords zh; grep -c '阶段\|系统边界\|清除\|抵扣\|分列\|单列' panel.zh.pcr; zuji build panel.zh.pcr -o zh.pcrc 2> messages; zuji build panel.pcr -o en.pcrc 2> messages; zuji inspect zh.pcrc | grep hash > zh.hash; zuji inspect en.pcrc | grep hash | cmp - zh.hash
14

# and back
$ zuji fmt panel.zh.pcr --keywords en; zuji fmt panel.pcr; cmp panel.pcr panel.zh.pcr

# sources: of numbers in formulas and of columns too, and drafts in either language
$ zuji check sources.pcr --checklist --profile strict 2> messages; grep '^error\|^warning\|^lint' messages
error[E0442]: `strict` demands: sources are final; the source of `power` is a draft
error[E0442]: `strict` demands: values have a source; `scrap` has no `cite`

