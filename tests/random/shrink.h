/* Makes a pair that shows a mistake smaller, as long as it shows the same one.
   Memory: the tree's arena. Must not know what the mistake is. */
#ifndef ZUJI_TESTS_RANDOM_SHRINK_H
#define ZUJI_TESTS_RANDOM_SHRINK_H

#include "tests/random/pair.h"

/* Does the pair, as it is now, still show it? */
typedef bool shrink_test(void *context);
/* Returns how often the test was asked. Stops after so many seconds. */
size_t shrink(struct pair *pair, shrink_test *test, void *context, unsigned seconds);

#endif
