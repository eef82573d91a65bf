# std.steam and std.geo: externals of the standard library are allowed without being asked for, and bound as any other.
$ zuji check boiler.pcr
boiler.pcr: no errors, 0 warnings
$ zuji test boiler.pcr
boiler.pcr: 1 of 1 examples pass
$ zuji build boiler.pcr -o boiler.pcrc; for e in "" --exact; do zuji run boiler.pcrc boiler.json --format csv --detail stages $e 2> /dev/null | grep ',report,\|,error,' | cut -d, -f1-6,8-9; done
wet,1,ok,report,,heat,26935.5,MJ
wet,1,ok,report,,way,1067.31,km
dense,2,error,,,,,
wet,1,ok,report,,heat,26935.5,MJ
wet,1,ok,report,,way,1067.31,km
dense,2,error,,,,,

# Region 3 is refused, with the place.
$ zuji run boiler.pcrc boiler.json --product dense --lang en 2>&1 | grep -o 'E0796.*'
E0796]: `iapws_enthalpy(30 MPa, 650 K)` has no value: the external function gave NaN (works.steam)

# What the user names goes first.
$ printf '#include <stddef.h>\nconst char f_signature[] = "(pressure: MPa, temperature: K): kJ/kg";\nint f(void *user, size_t rows, const double *p, const double *t, double *result) { for (size_t i = 0; i < rows; i++) result[i] = 1000; return 0; }\n' > f.c && ${CC:-cc} -shared -fPIC -o f.so f.c
$ zuji run boiler.pcrc boiler.json --product wet --allow-native iapws_enthalpy=f.so:f --format csv --detail stages | grep heat
wet,1,ok,report,,heat,9162.6,9162.60,MJ,
