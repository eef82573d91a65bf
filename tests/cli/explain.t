# what there is not
$ zuji explain plant.pcr good.json makin
! error[E0920]: the rule has nothing called `makin` to explain; did you mean `making`?
? 1

$ zuji explain plant.pcr good.json turbine --lang zh
! 错误[E0919]：规则中没有可说明的“turbine”
? 1

$ zuji explain plant.pcr good.json --product 'no such'
! error[E0908]: the data have no product `no such`
? 1
