/* Delta debugging on the tree (Zeller and Hildebrandt 2002; Misherghi and Su 2006: of a hierarchy, the largest parts
   first): a change that keeps the mistake stays, one that loses it is undone. */
#include "tests/random/shrink.h"

#include <time.h>

size_t shrink(struct pair *pair, shrink_test *test, void *context, unsigned seconds)
{
    size_t asked = 0;
    time_t end = time(NULL) + seconds;
    bool is_smaller = true;
    while (is_smaller && time(NULL) < end) {
        struct node *files[] = {pair->rule, pair->records, pair->factors, pair->base}, *roots[countof(files)];
        size_t root_count = 0, count = 0;
        for (size_t i = 0; i < countof(files); i++) {
            roots[root_count] = files[i];
            root_count += files[i] != NULL;
        }
        struct change *changes = node_changes(&pair->tree, roots, root_count, &count);
        is_smaller = false;
        for (size_t i = 0; i < count && time(NULL) < end; i++) {
            change_make(&changes[i]);
            asked++;
            if (test(context)) {
                is_smaller = true;
            } else {
                change_undo(&changes[i]);
            }
        }
    }
    return asked;
}
