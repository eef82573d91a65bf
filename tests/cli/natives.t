# External functions: from a shared library that the user names, and only so.
$ ${CC:-cc} -shared -fPIC -o vapour.so "$ROOT/bindings/c/vapour.c" -lm
$ zuji check drying.pcr
drying.pcr: no errors, 0 warnings
$ zuji test drying.pcr
drying.pcr: 0 of 1 examples pass
! error[E0930]: the rule calls the external function `vapour_pressure`, which is not allowed here; `--allow-native vapour_pressure=LIBRARY:SYMBOL` allows it
? 1
$ zuji test drying.pcr --allow-native vapour_pressure=vapour.so:vapour_pressure
drying.pcr: 1 of 1 examples pass
$ zuji build drying.pcr -o drying.pcrc
$ zuji run drying.pcrc drying.json --format csv --detail totals --allow-native vapour_pressure=./vapour.so:vapour_pressure | cut -d, -f1-3,8
id,number,status,reported
warm,1,ok,0.233103
hot,2,error,
cold,3,ok,0.611200
! drying.pcr:22:53: [hot] error[E0796]: `vapour_pressure(343.15 K, 0.1)` has no value: the external function gave NaN; in drying.heat (hours[2])
! 1 of 3 products in error

# The results say that they rest on it.
$ zuji inspect drying.pcr | sed '/^formulas/,$d' | grep vapour_pressure\(
  vapour_pressure(K, 1) : Pa "Vapour pressure" "水汽压" cite "WMO, CIMO guide, 2008" clause "4.A"
$ for l in en zh; do zuji run drying.pcr drying.json --lang $l --allow-native vapour_pressure=vapour.so:vapour_pressure 2> /dev/null | grep '1166'; done
    external function: Vapour pressure = 1166.298011 Pa (2 rows)  100.0 %
    外部函数：水汽压 = 1166.298011 Pa（2 行）  100.0 %
$ zuji run drying.pcr drying.json --format json --allow-native vapour_pressure=vapour.so:vapour_pressure 2> /dev/null | grep -o '{"kind":"external[^}]*}[^}]*}' | head -1
{"kind":"external","name":"vapour_pressure","path":"hours[1]","rows":2,"value":{"value":1166.298011,"unit":"Pa"},"source":"WMO, CIMO guide, 2008","clause":"4.A","share":1}

# The exact engine gives the same figures.
$ for e in "" --exact; do zuji run drying.pcrc drying.json --format csv $e --allow-native vapour_pressure=vapour.so:vapour_pressure 2> /dev/null | cut -d, -f1-6,8-9; done | sort | uniq -c | grep -v ' 2 '
? 1

# With Chinese messages.
$ zuji run drying.pcr drying.json --lang zh
! 错误[E0930]：规则调用外部函数“vapour_pressure”，此处未获许可；可用 --allow-native vapour_pressure=库:符号 许可
? 1

# What the user says must be there, and be what the rule declares.
$ zuji run drying.pcr drying.json --allow-native vapour_pressure
! error[E0934]: `vapour_pressure` does not say which function to take: --allow-native NAME=LIBRARY:SYMBOL
? 2
$ zuji run drying.pcr drying.json --allow-native vapour_pressure=nowhere.so:vapour_pressure
! error[E0932]: nowhere.so cannot be loaded: ./nowhere.so: cannot open shared object file: No such file or directory
? 3
$ zuji run drying.pcr drying.json --allow-native vapour_pressure=vapour.so:other
! error[E0933]: vapour.so has no `other`
? 3
$ printf 'const char f_signature[] = "(t: K): Pa";\nint f(void *user) { return user != 0; }\n' > wrong.c && ${CC:-cc} -shared -fPIC -o wrong.so wrong.c
$ zuji run drying.pcr drying.json --allow-native vapour_pressure=wrong.so:f
! error[E0931]: the external function `vapour_pressure` is `(K, number): Pa` in the rule, and `(t: K): Pa` where it comes from
? 1
$ printf 'int f(void *user) { return user != 0; }\n' > mute.c && ${CC:-cc} -shared -fPIC -o mute.so mute.c && zuji run drying.pcr drying.json --allow-native vapour_pressure=mute.so:f
! error[E0933]: mute.so has no `f_signature`
? 3

# An error of the function, in both languages.
$ printf '#include <stddef.h>\nconst char f_signature[] = "(t: K, humidity: number): Pa";\nint f(void *user, size_t rows, const double *t, const double *h, double *result) { return 7; }\n' > seven.c && ${CC:-cc} -shared -fPIC -o seven.so seven.c
$ for l in en zh; do zuji run drying.pcr drying.json --lang $l --allow-native vapour_pressure=seven.so:f 2>&1 | grep -om1 'gave error [0-9]*\|给出错误码 [0-9]*'; done
gave error 7
给出错误码 7
