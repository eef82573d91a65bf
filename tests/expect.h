/* What a test file says about the messages it must give, on lines of their own below the line that is meant:

       let x = 1 kg + 1 m
       //           ^ E0301            the caret stands below the first character of the message's span
       < E0211                         the span begins at the first character of the line that is no blank
       $ E0125                         the span is at the end of the file
       ! E0701 electrolysis.pfc_cf4    anywhere else (or nowhere): in another file, or about a rule's item

   Several may stand on one line. A path after the code is compared where it is written. In sources the line is a
   comment. Everything lives in the runner's arena. Must not know where messages come from. */
#ifndef ZUJI_TESTS_EXPECT_H
#define ZUJI_TESTS_EXPECT_H

#include "tests/runner.h"

struct expected {
    enum { EXPECT_HERE, EXPECT_LINE_START, EXPECT_END, EXPECT_ELSEWHERE } place;
    struct str code, path; /* path: empty where it does not matter */
    uint32_t line, column; /* HERE, LINE_START: of the message; column in cells, from 1 */
    uint32_t written_at;   /* line of the expectation */
    bool is_met;
};
struct expects {
    struct runner *runner;
    struct str file;
    struct expected *items;
    size_t count, cap;
    bool has_failed;
};
struct expects expects_of(struct runner *runner, struct str file);

/* Is this a line of expectations (behind the comment mark)? Then they are added; `above` is line number `line` of what
   is read, the line they are about. */
bool expects_read(struct expects *list, struct str text, struct str mark, struct str above, uint32_t line,
                  uint32_t written_at);
/* A message that was given. `text` is what was read; line 0: in another file or nowhere. */
void expects_meet(struct expects *list, struct str code, struct str path, struct str text, uint32_t line,
                  uint32_t column, struct str message);
/* Says what was expected and never came; counts one comparison. */
void expects_finish(struct expects *list);

#endif
