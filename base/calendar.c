#include "base/calendar.h"

bool calendar_read_digits(struct str text, int32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i == 4) {
            return false;
        }
        *value = *value * 10 + (text.at[i] - '0');
    }
    return text.len > 0;
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t days_before_year(int32_t year)
{
    int32_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

bool calendar_read(struct str text, int32_t *days)
{
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;
    bool has_form = text.len == 10 && text.at[4] == '-' && text.at[7] == '-' &&
                    calendar_read_digits(str_slice(text, 0, 4), &year) &&
                    calendar_read_digits(str_slice(text, 5, 7), &month) &&
                    calendar_read_digits(str_slice(text, 8, 10), &day);
    if (!has_form || year == 0 || month < 1 || month > 12) {
        return false;
    }
    int32_t length = lengths[month - 1] + (month == 2 && is_leap(year));
    *days = days_before_year(year) - days_before_year(1970) + day - 1;
    for (int32_t i = 0; i < month - 1; i++) {
        *days += lengths[i] + (i == 1 && is_leap(year));
    }
    return day >= 1 && day <= length;
}

/* By eras of 400 years that begin on a first of March. */
struct str calendar_text(struct arena *arena, int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return str_format(arena, "%04lld-%02lld-%02lld", (long long)year, (long long)month, (long long)day);
}

int32_t calendar_year(int32_t year)
{
    return days_before_year(year) - days_before_year(1970);
}

struct calendar_days calendar_days_of(bool is_year, int32_t value)
{
    if (!is_year) {
        return (struct calendar_days){value, value};
    }
    return (struct calendar_days){calendar_year(value), calendar_year(value + 1) - 1};
}

struct str calendar_period_text(struct arena *arena, int32_t first, int32_t last)
{
    struct str from = first == INT32_MIN ? STR("") : str_format(arena, "%.*s ", STR_FMT(calendar_text(arena, first)));
    struct str to = last == INT32_MAX ? STR("") : str_format(arena, " %.*s", STR_FMT(calendar_text(arena, last)));
    return str_format(arena, "%.*s..%.*s", STR_FMT(from), STR_FMT(to));
}
