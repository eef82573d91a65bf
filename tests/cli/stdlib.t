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

# A published rule rests on the drafts of what it uses: of each one it is told once, and not of what it does not use.
$ printf 'import std.gases\nimport std.fuels\nrule r "R" zh "规" {\n    status published\n    declared 1 t\n    gwp ar6\n    boundary gate_to_gate\n    data { mass: t "Mass" zh "质量" }\n    reference mass\n    stage s : production "S" zh "段" {\n        emit heat "H" zh "热" = fuel_burning(diesel, mass) + fuel_burning(petrol, mass)\n        emit lime "L" zh "石灰" = carbon_dioxide(mass * 1 kg{C}/kg) * gwp(CO2)\n    }\n}\n' > pub.pcr; zuji check pub.pcr 2>&1 | grep -A8 L0485 | grep 'L0485\|pub.pcr\|std.fuels\|cite'
lint[L0485]: a draft source in a published rule
   --> pub.pcr:11:32
   ::: std.fuels:52:5
 19 |     cite "draft: NDRC, accounting guidelines for industrial enterprises (third batch, 2015), table of fuel parameters; l…
$ sed 's/declared/conforms gb_t_24067_2024, declared/; s/status published/status published, version "1"/' pub.pcr > conform.pcr; zuji check conform.pcr 2>&1 | grep 'draft'
error[E0442]: `gb_t_24067_2024` demands: Sources are final; the source of `burning_traces` is a draft
