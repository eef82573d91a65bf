/* Running a command of the shell and keeping what it prints. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runner.h"

enum { SECONDS_MAX = 600 };

/* In the child: never returns. */
static void become(const char *folder, const char *command, const char *out, const char *err)
{
    int in_fd = open("/dev/null", O_RDONLY);
    int out_fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err_fd = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in_fd < 0 || out_fd < 0 || err_fd < 0 || dup2(in_fd, 0) < 0 || dup2(out_fd, 1) < 0 || dup2(err_fd, 2) < 0 ||
        chdir(folder) != 0) {
        _exit(127);
    }
    alarm(SECONDS_MAX);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static struct str read_output(struct runner *runner, struct str path)
{
    struct str text = STR("");
    if (!file_read(runner->arena, path, &text)) {
        perror(path.at);
        exit(2);
    }
    unlink(path.at);
    return text;
}

struct outcome run_shell(struct runner *runner, struct str folder, struct str command)
{
    struct str out = path_in(runner, runner->scratch, STR("stdout"));
    struct str err = path_in(runner, runner->scratch, STR("stderr"));
    const char *where = str_copy(runner->arena, folder).at;
    const char *what = str_copy(runner->arena, command).at;
    fflush(NULL);
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(2);
    }
    if (child == 0) {
        become(where, what, out.at, err.at);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (struct outcome){
        .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = read_output(runner, out),
        .err = read_output(runner, err),
        .peak = usage.ru_maxrss,
    };
}
