# a list of a row type is the list with the fields written out: of rules in modules, bases and variants alike
$ cd rows && for r in variant whole; do zuji build $r.pcr -o $r.pcrc 2> /dev/null && zuji inspect $r.pcrc | grep hash; done | uniq | wc -l | tr -d ' '
1

$ cd rows && zuji test variant.pcr
variant.pcr: 1 of 1 examples pass

# in Chinese keywords it is the same rule
$ cp -r rows 明细 && cd 明细 && zuji fmt --keywords zh *.pcr && sed -n '/^明细行 Metered/,/^}/p' metered.pcr && (cd ../rows; zuji inspect variant.pcr 2> /dev/null; cd ../明细; zuji inspect variant.pcr 2> /dev/null) | grep hash | uniq | wc -l | tr -d ' '
明细行 Metered "分表电量" en "Electricity by meter" {
    meter：文本                   "电表"       en "Meter"
    amount：kWh 初级              "电量"       en "Amount"
    factor：kgCO2e/kWh = standard "供电的因子" en "Factor of the supply"
    spare：kWh 选填               "备用"       en "Put aside"
    parts：明细 Part 选填         "部分"       en "Parts"
}
1

# what functions of the module read is used; what nothing reads is said where the list asks for it
$ cd rows && printf 'import metered\nrow Never { x: kg }\nrule r {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg, bare: list of Part }\n    reference out\n    stage s : production { emit e = sum(b in bare: b.mass) * 1 kgCO2e/kg cite "x" }\n}\n' > unused.pcr && zuji check unused.pcr
unused.pcr: no errors, 3 warnings
! lint[L0466]: the row type `Never` is not used
!   --> unused.pcr:2:5
!    |
!  2 | row Never { x: kg }
!    |     ^^^^^
! 
! lint[L0486]: `r` has no example
!   --> unused.pcr:3:6
!    |
!  3 | rule r {
!    |      ^
! 
! lint[L0465]: `share` is collected and not used
!   --> unused.pcr:6:35
!    |
!  6 |     data { out: kg, bare: list of Part }
!    |                                   ^^^^

# a type whose module is not imported; a variant that names another type for a list of its base
$ cd rows && printf 'import metered\nlet other = 1\n' > between.pcr; printf 'import between\nrule m {\n    declared 1 kg\n    boundary gate_to_gate\n    data { out: kg, cranes: list of Metered }\n    reference out\n    stage s : production { emit x = sum(c in cranes: of_meter(c)) }\n}\n' > missing.pcr; zuji check missing.pcr
! error[E0258]: there is no row type `Metered`
!   --> missing.pcr:5:37
!    |
!  5 |     data { out: kg, cranes: list of Metered }
!    |                                     ^^^^^^^
!   ::: metered.pcr:6:5
!    |
!  6 | row Metered "Electricity by meter" zh "分表电量" {
!    |     ------- here
!    |
!    = note: `Metered` is defined in the module metered.pcr, which is not imported here
!    = note: between.pcr imports metered.pcr, but an import does not pass on what it imports itself
! 
! error[E0210]: `of_meter` is not known here
!    --> missing.pcr:7:54
!     |
!   7 |     stage s : production { emit x = sum(c in cranes: of_meter(c)) }
!     |                                                      ^^^^^^^^
!    ::: metered.pcr:17:10
!     |
!  17 | function of_meter(m: Metered) = (m.amount - (m.spare default 0 kWh)) * m.factor + sum(x in m.parts: of_part(x)) * burden()
!     |          -------- here
!     |
!     = note: `of_meter` is defined in the module metered.pcr, which is not imported here
!     = note: between.pcr imports metered.pcr, but an import does not pass on what it imports itself
? 1

$ cd rows && sed 's/tools  : list of Metered/tools  : list of Part/' variant.pcr > other.pcr && zuji check other.pcr
! error[E0283]: of `tools` only the range and the default may be said anew, not this
!    --> other.pcr:7:26
!     |
!   7 |         tools  : list of Part {
!     |                          ^^^^
!    ::: base.pcr:11:9
!     |
!  11 |         tools : list of Metered key meter "Tools" zh "机床"
!     |         ----- the base rule says it here
? 1

