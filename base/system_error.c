#include "base/system_error.h"

#include <errno.h>
#include <string.h>

#include "base/diag.h"

static const struct {
    int error;
    enum diag_code text;
} WORDS[] = {
    {ENOENT,       T_SYSTEM_NO_FILE     },
    {EACCES,       T_SYSTEM_PERMISSION  },
    {EPERM,        T_SYSTEM_PERMISSION  },
    {EISDIR,       T_SYSTEM_IS_FOLDER   },
    {ENOTDIR,      T_SYSTEM_NO_FOLDER   },
    {EEXIST,       T_SYSTEM_EXISTS      },
    {ENAMETOOLONG, T_SYSTEM_LONG_NAME   },
    {ELOOP,        T_SYSTEM_LINKS       },
    {EROFS,        T_SYSTEM_READ_ONLY   },
    {ENOSPC,       T_SYSTEM_FULL        },
    {EDQUOT,       T_SYSTEM_QUOTA       },
    {EFBIG,        T_SYSTEM_TOO_LARGE   },
    {EMFILE,       T_SYSTEM_OPEN_FILES  },
    {ENFILE,       T_SYSTEM_OPEN_FILES  },
    {ENOMEM,       T_SYSTEM_MEMORY      },
    {EIO,          T_SYSTEM_DEVICE      },
    {ENODEV,       T_SYSTEM_NO_DEVICE   },
    {ENXIO,        T_SYSTEM_NO_DEVICE   },
    {EPIPE,        T_SYSTEM_CLOSED      },
    {EBUSY,        T_SYSTEM_BUSY        },
    {ETXTBSY,      T_SYSTEM_BUSY        },
    {EINTR,        T_SYSTEM_INTERRUPTED },
    {EINVAL,       T_SYSTEM_NOT_POSSIBLE},
    {EBADF,        T_SYSTEM_NOT_OPEN    },
};

struct str system_error_text(struct arena *arena, int error)
{
    for (size_t i = 0; i < countof(WORDS); i++) {
        if (WORDS[i].error == error) {
            return diag_term(arena, WORDS[i].text);
        }
    }
    return str_copy(arena, str_of(strerror(error)));
}
