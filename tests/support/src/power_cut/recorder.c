/* Preloaded into a process: appends every change of files below the folder RECORDED_FOLDER, and every sync of them,
 * to the file RECORDING_FILE, in order. `recording.rs` reads it.
 *
 * An entry is its length, its kind, an inode or the number of a sync, an offset or a length, and bytes; integers are
 * little endian. A lock is held over a change and its entry. It is not held during a sync, which has two entries: what
 * was written before the first is on disk at the second. Calls that are not here change files as well; they are found
 * when the recording is compared with the folder. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(result, name, ...)                                                                                        \
    static result (*real)(__VA_ARGS__);                                                                                \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int recording = -1;
static uint64_t syncs;
static char folder[PATH_MAX];
static size_t folder_length;

static ssize_t real_write(int fd, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return real(fd, bytes, count);
}

static int real_open(const char *path, int flags, mode_t mode) {
    REAL(int, "open64", const char *, int, ...);
    return real(path, flags, mode);
}

static int is_below(const char *path) {
    return recording >= 0 && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/* The path of an open file below the folder. */
static int path_of(int fd, char *path) {
    if (recording < 0 || fd == recording) return 0;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

/* The absolute path of a name, whose folder exists. */
static int resolve(int at, const char *name, char *path) {
    if (recording < 0) return 0;
    char base[PATH_MAX] = "", joined[PATH_MAX], parent[PATH_MAX];
    if (name[0] != '/') {
        char link[40];
        if (at == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, base, sizeof base - 2);
        if (length < 0) return 0;
        strcpy(base + length, "/");
    }
    if ((size_t)snprintf(joined, sizeof joined, "%s%s", base, name) >= sizeof joined) return 0;
    size_t end = strlen(joined);
    while (end > 1 && joined[end - 1] == '/') joined[--end] = 0;
    char *last = strrchr(joined, '/');
    if (!last) return 0;
    *last = 0;
    if (!realpath(*joined ? joined : "/", parent)) return 0;
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", parent, last + 1) >= PATH_MAX) return 0;
    return is_below(path);
}

static void entry(char kind, uint64_t id, uint64_t offset, const void *bytes, size_t count) {
    size_t size = 1 + 8 + 8 + count;
    uint32_t length = (uint32_t)size;
    char *buffer = malloc(4 + size);
    if (!buffer) abort();
    memcpy(buffer, &length, 4);
    buffer[4] = kind;
    memcpy(buffer + 5, &id, 8);
    memcpy(buffer + 13, &offset, 8);
    memcpy(buffer + 21, bytes, count);
    if (real_write(recording, buffer, 4 + size) != (ssize_t)(4 + size)) abort();
    free(buffer);
}

static void path_entry(char kind, uint64_t id, const char *path) {
    const char *relative = path + folder_length;
    if (*relative == '/') relative++;
    entry(kind, id, 0, relative, strlen(relative));
}

__attribute__((constructor)) static void start(void) {
    const char *recorded = getenv("RECORDED_FOLDER");
    const char *to = getenv("RECORDING_FILE");
    if (!recorded || !to || !realpath(recorded, folder)) return;
    folder_length = strlen(folder);
    recording = real_open(to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    /* Only this process, not its children. */
    unsetenv("LD_PRELOAD");
    struct stat status;
    if (recording < 0 || stat(folder, &status) != 0) abort();
    path_entry('D', status.st_ino, folder);
}

static uint64_t inode(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

static int opened(int at, const char *name, int flags, mode_t mode) {
    REAL(int, "openat64", int, const char *, int, ...);
    if (recording < 0 || !(flags & (O_CREAT | O_TRUNC))) return real(at, name, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat before;
    int existed = fstatat(at, name, &before, 0) == 0;
    int fd = real(at, name, flags, mode);
    int error = errno;
    char path[PATH_MAX];
    if (fd >= 0 && path_of(fd, path)) {
        if (!existed) path_entry('C', inode(fd), path);
        else if (flags & O_TRUNC) entry('T', inode(fd), 0, "", 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

#define MODE                                                                                                           \
    mode_t mode = 0;                                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                               \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode = va_arg(arguments, mode_t);                                                                              \
        va_end(arguments);                                                                                             \
    }

int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real_write(fd, bytes, count);
    pthread_mutex_lock(&lock);
    ssize_t written = real_write(fd, bytes, count);
    int error = errno;
    /* The position is after the bytes, also of a file that is opened for appending. */
    if (written > 0) entry('W', inode(fd), (uint64_t)(lseek(fd, 0, SEEK_CUR) - written), bytes, (size_t)written);
    pthread_mutex_unlock(&lock);
    errno = error;
    return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, parts, count);
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t written = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (written < 0) return total > 0 ? total : -1;
        total += written;
        if ((size_t)written < parts[i].iov_len) break;
    }
    return total;
}

static ssize_t written_at(int fd, const void *bytes, size_t count, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, bytes, count, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = real(fd, bytes, count, offset);
    int error = errno;
    if (written > 0) entry('W', inode(fd), (uint64_t)offset, bytes, (size_t)written);
    pthread_mutex_unlock(&lock);
    errno = error;
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return written_at(fd, bytes, count, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return written_at(fd, bytes, count, offset); }

static int resized(int fd, off64_t length) {
    REAL(int, "ftruncate64", int, off64_t);
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, length);
    pthread_mutex_lock(&lock);
    int outcome = real(fd, length);
    int error = errno;
    if (outcome == 0) entry('T', inode(fd), (uint64_t)length, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return outcome;
}

int ftruncate(int fd, off_t length) { return resized(fd, length); }
int ftruncate64(int fd, off64_t length) { return resized(fd, length); }

static int synced(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd);
    pthread_mutex_lock(&lock);
    uint64_t number = ++syncs;
    entry('S', inode(fd), number, "", 0);
    pthread_mutex_unlock(&lock);
    int outcome = real(fd);
    int error = errno;
    pthread_mutex_lock(&lock);
    if (outcome == 0) entry('E', inode(fd), number, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return outcome;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return synced(fd, real);
}

static int made(int at, const char *name, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    pthread_mutex_lock(&lock);
    int outcome = real(at, name, mode);
    int error = errno;
    char path[PATH_MAX];
    struct stat status;
    if (outcome == 0 && resolve(at, name, path) && stat(path, &status) == 0) path_entry('D', status.st_ino, path);
    pthread_mutex_unlock(&lock);
    errno = error;
    return outcome;
}

int mkdir(const char *path, mode_t mode) { return made(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return made(at, path, mode); }

static int removed(int at, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    pthread_mutex_lock(&lock);
    char path[PATH_MAX];
    int below = resolve(at, name, path);
    int outcome = real(at, name, flags);
    int error = errno;
    if (outcome == 0 && below) path_entry('U', 0, path);
    pthread_mutex_unlock(&lock);
    errno = error;
    return outcome;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int renamed(int from_at, const char *from, int to_at, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    pthread_mutex_lock(&lock);
    char old[PATH_MAX], new[PATH_MAX], both[2 * PATH_MAX];
    int below = resolve(from_at, from, old) + 2 * resolve(to_at, to, new);
    int outcome = real(from_at, from, to_at, to);
    int error = errno;
    if (outcome == 0 && below == 3) {
        int length = snprintf(both, sizeof both, "%s%c%s", old + folder_length + 1, 0, new + folder_length + 1);
        entry('R', 0, 0, both, (size_t)length);
    } else if (outcome == 0 && below) {
        entry('?', 0, 0, "rename", 6);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return outcome;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int from_at, const char *from, int to_at, const char *to) { return renamed(from_at, from, to_at, to); }

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    if (flags == 0) return renamed(from_at, from, to_at, to);
    char path[PATH_MAX];
    if (resolve(to_at, to, path)) entry('?', 0, 0, "renameat2", 9);
    return real(from_at, from, to_at, to, flags);
}
