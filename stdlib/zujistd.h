/* zujistd.h: the external functions of Zuji's standard library (distances, enthalpy of steam), for hosts that run rules
   which import std.geo or std.steam. The public header of libzujistd; include zuji.h before it. Owns no memory. */
#ifndef ZUJISTD_H
#define ZUJISTD_H

#ifdef __cplusplus
extern "C" {
#endif

/* Allows rules to call all of them, each under its name, but those whose names the set has already: what the host has
   allowed itself goes first. ZUJI_OK, ZUJI_NO_MEMORY, or ZUJI_USAGE where natives is NULL. */
ZUJI_API enum zuji_status zuji_std_allow(struct zuji_natives *natives);
/* 1: there is one of this name. */
ZUJI_API int zuji_std_offers(const char *name);

#ifdef __cplusplus
}
#endif

#endif
