/* Dates of the Gregorian calendar as days from 1970-01-01. Texts live in the caller's arena. Knows nothing of programs.
 */
#ifndef ZUJI_BASE_CALENDAR_H
#define ZUJI_BASE_CALENDAR_H

#include "base/str.h"

/* One to four digits, as in a year. */
bool calendar_read_digits(struct str text, int32_t *value);
/* "2024-05-01"; false where there is no such day. */
bool calendar_read(struct str text, int32_t *days);
struct str calendar_text(struct arena *arena, int64_t days);
/* The first day of a year. */
int32_t calendar_year(int32_t year);
/* The days, both included, that a value of a datum of type date (is_year false) or year stands for. */
struct calendar_days {
    int32_t first, last;
};
struct calendar_days calendar_days_of(bool is_year, int32_t value);
/* "2025-05-01 .. 2030-04-30"; INT32_MIN and INT32_MAX are ends that are open. */
struct str calendar_period_text(struct arena *arena, int32_t first, int32_t last);

#endif
