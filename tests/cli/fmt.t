# fmt: the file is rewritten, once
$ printf 'rule r "R"zh"甲"{\ndeclared 1t   // per tonne\n  boundary gate_to_gate\n\n\n\ndata{output:t,power : kWh}\nreference output\nstage s:production{\nemit e=power*0.5 kgCO2e/kWh // grid\nemit heat  "Heat"=(1-20%%)*output*\n2kgCO2e/t\n}\n}' > ugly.pcr; zuji fmt ugly.pcr; cat ugly.pcr; zuji fmt --check ugly.pcr
rule r "R" zh "甲" {
    declared 1 t // per tonne
    boundary gate_to_gate

    data { output: t, power: kWh }
    reference output
    stage s : production {
        emit e           = power * 0.5 kgCO2e/kWh // grid
        emit heat "Heat" = (1 - 20 %) * output *
            2 kgCO2e/t
    }
}

# what would change is listed; nothing is written
$ printf 'let  x=1\n' > one.pcr; printf 'let x = 1\n' > two.pcr; zuji fmt --check one.pcr two.pcr; cat one.pcr
one.pcr
let  x=1

$ zuji fmt --check one.pcr two.pcr
one.pcr
? 1

# all of a folder
$ mkdir -p below/more; cp one.pcr below; cp one.pcr below/more; printf 'let  x' > below/notes.txt; zuji fmt --check below
below/more/one.pcr
below/one.pcr
? 1

$ zuji fmt below; zuji fmt --check below; cat below/notes.txt
let  x

# standard input to standard output
$ printf 'let  x=1' | zuji fmt
let x = 1

$ printf 'let  x=1' | zuji fmt -
let x = 1

$ printf 'let  x=1' | zuji fmt --check -
-
? 1

# the other language and back: the same to the byte
$ cp ugly.pcr there.pcr; zuji fmt --keywords zh there.pcr; cat there.pcr; zuji fmt --keywords en there.pcr; cmp there.pcr ugly.pcr
规则 r "甲" en "R" {
    声明单位 1 t // per tonne
    系统边界 从大门到大门

    数据 { output：t，power：kWh }
    基准 output
    阶段 s：生产 {
        排放 e              = power × 0.5 kgCO2e/kWh // grid
        排放 heat en "Heat" =（1 − 20 %）× output ×
            2 kgCO2e/t
    }
}

$ zuji fmt --keywords fr there.pcr
! error[E0905]: --keywords takes en|zh
? 2

# a file with mistakes is left alone; the others are not
$ printf 'let  x = \n' > bad.pcr; zuji fmt bad.pcr one.pcr; cat bad.pcr one.pcr
let  x = 
let x = 1
! error[E0125]: the file ends too early; expected an expression
!   --> bad.pcr:2:1
!    |
!  2 |
!    | ^

$ zuji fmt bad.pcr 2>/dev/null
? 1

$ zuji fmt none.pcr
! error[E0901]: cannot open none.pcr: there is no such file or folder
? 3

# links and permissions stay
$ printf 'let  x=1\n' > real.pcr; chmod 640 real.pcr; ln -s real.pcr link.pcr; zuji fmt link.pcr; cat real.pcr; test -L link.pcr && stat -c %a real.pcr; ls *.pcr.* 2>/dev/null
let x = 1
640
? 2

