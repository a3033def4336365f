/*
 * A disk that loses what was not synced, for one process. The library is preloaded (LD_PRELOAD) and follows the files whose paths begin with
 * POWERCUT_PATH, except the -shm file, which SQLite never syncs and makes anew. It remembers every write and truncation since the last fsync
 * of its file, and lets them through. At the POWERCUT_AT-th write or sync it puts the files into a state that a power cut could have left,
 * and kills the process:
 *
 *   - what was synced is there,
 *   - of what was not synced, each write is there, or is not, or some of its sectors are (POWERCUT_SEED chooses),
 *   - a file that was created, and whose directory was not synced since, may be gone.
 *
 * With POWERCUT_LIES=1, a sync does nothing and says that it did.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 16
#define MAX_FDS 4096
#define SECTOR 512

/* One write or truncation, and what was there before it. */
struct change {
    struct change *next;
    int is_truncation;
    off_t offset, size_before, old_length;
    size_t length;
    unsigned char *data, *old;
};

struct file {
    char path[1024];
    int is_new; /* created, and its directory is not synced */
    struct change *first, *last;
};

static struct file files[MAX_FILES];
static int file_count;
static struct file *by_fd[MAX_FDS];
static char is_directory[MAX_FDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *prefix;
static long left_until_cut;
static int lies;
static unsigned long long state;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static void start(void)
{
    real_open = dlsym(RTLD_NEXT, "open");
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_close = dlsym(RTLD_NEXT, "close");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    prefix = getenv("POWERCUT_PATH");
    left_until_cut = getenv("POWERCUT_AT") ? atol(getenv("POWERCUT_AT")) : 0;
    lies = getenv("POWERCUT_LIES") != NULL;
    state = getenv("POWERCUT_SEED") ? strtoull(getenv("POWERCUT_SEED"), NULL, 10) * 2654435761u + 1 : 1;
}

static void fail(const char *what)
{
    fprintf(stderr, "powercut: %s: %s\n", what, strerror(errno));
    _exit(70);
}

static unsigned next_random(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 16) % below;
}

static int is_followed(const char *path)
{
    size_t length = strlen(path);
    return prefix && strncmp(path, prefix, strlen(prefix)) == 0 && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

static struct file *file_of(const char *path)
{
    for (int i = 0; i < file_count; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &files[i];
        }
    }
    if (file_count == MAX_FILES || strlen(path) >= sizeof files[0].path) {
        errno = ENFILE;
        fail(path);
    }
    strcpy(files[file_count].path, path);
    return &files[file_count++];
}

static void forget(struct file *file)
{
    struct change *change = file->first;
    while (change) {
        struct change *next = change->next;
        free(change->data);
        free(change->old);
        free(change);
        change = next;
    }
    file->first = file->last = NULL;
}

static int read_all(int fd, unsigned char *data, size_t length, off_t offset)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = pread(fd, data + done, length - done, offset + (off_t)done);
        if (n <= 0) {
            return -1;
        }
        done += (size_t)n;
    }
    return 0;
}

/* Reads by the descriptor of the writer: a second one would release the locks of this process when it is closed. */
static void remember(struct file *file, int fd, off_t offset, const void *data, size_t length, int is_truncation)
{
    struct stat info;
    if (fstat(fd, &info) < 0) {
        fail(file->path);
    }
    struct change *change = calloc(1, sizeof *change);
    change->is_truncation = is_truncation;
    change->offset = offset;
    change->size_before = info.st_size;
    change->length = length;
    off_t end = is_truncation ? info.st_size : offset + (off_t)length;
    end = end < info.st_size ? end : info.st_size;
    change->old_length = end > offset ? end - offset : 0;
    change->old = malloc((size_t)change->old_length + 1);
    if (read_all(fd, change->old, (size_t)change->old_length, offset) < 0) {
        fail("read");
    }
    if (!is_truncation) {
        change->data = malloc(length + 1);
        memcpy(change->data, data, length);
    }
    if (file->last) {
        file->last->next = change;
    } else {
        file->first = change;
    }
    file->last = change;
}

/* The content of a file in memory; it may grow. */
struct image {
    unsigned char *data;
    off_t size, room;
};

static void resize(struct image *image, off_t size)
{
    if (size > image->room) {
        image->room = size * 2;
        image->data = realloc(image->data, (size_t)image->room);
    }
    if (size > image->size) {
        memset(image->data + image->size, 0, (size_t)(size - image->size));
    }
    image->size = size;
}

static void put(struct image *image, off_t offset, const unsigned char *data, size_t length)
{
    if (length == 0) {
        return;
    }
    if (offset + (off_t)length > image->size) {
        resize(image, offset + (off_t)length);
    }
    memcpy(image->data + offset, data, length);
}

static void undo(struct image *image, struct change *change)
{
    if (!change) {
        return;
    }
    undo(image, change->next);
    resize(image, change->size_before);
    put(image, change->offset, change->old, (size_t)change->old_length);
}

static void redo_some(struct image *image, struct change *change)
{
    switch (next_random(3)) {
    case 0:
        return;
    case 1:
        if (change->is_truncation) {
            resize(image, change->offset);
        } else {
            put(image, change->offset, change->data, change->length);
        }
        return;
    default:
        for (size_t at = 0; !change->is_truncation && at < change->length;) {
            size_t length = SECTOR - (size_t)((change->offset + (off_t)at) % SECTOR);
            length = length < change->length - at ? length : change->length - at;
            if (next_random(2)) {
                put(image, change->offset + (off_t)at, change->data + at, length);
            }
            at += length;
        }
    }
}

static void cut_file(struct file *file)
{
    if (file->is_new && next_random(2)) {
        real_unlink(file->path);
        return;
    }
    if (!file->first) {
        return;
    }
    int fd = real_open(file->path, O_RDWR | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) < 0) {
        fail(file->path);
    }
    struct image image = { malloc(1), 0, 1 };
    resize(&image, info.st_size);
    if (read_all(fd, image.data, (size_t)info.st_size, 0) < 0) {
        fail("read");
    }
    undo(&image, file->first);
    for (struct change *change = file->first; change; change = change->next) {
        redo_some(&image, change);
    }
    if (real_ftruncate(fd, 0) < 0 || real_pwrite(fd, image.data, (size_t)image.size, 0) != image.size) {
        fail("write");
    }
    real_close(fd);
}

/* Called with the lock before every write and sync; the one of the cut never returns. */
static void count_down(void)
{
    if (left_until_cut > 0 && --left_until_cut == 0) {
        for (int i = 0; i < file_count; i++) {
            cut_file(&files[i]);
        }
        kill(getpid(), SIGKILL);
        for (;;) {
            pause();
        }
    }
}

static struct file *followed(int fd)
{
    pthread_once(&once, start);
    return fd >= 0 && fd < MAX_FDS ? by_fd[fd] : NULL;
}

static int opened(int fd, const char *path, int existed)
{
    if (fd < 0 || fd >= MAX_FDS || !prefix) {
        return fd;
    }
    pthread_mutex_lock(&lock);
    by_fd[fd] = NULL;
    is_directory[fd] = 0;
    if (is_followed(path)) {
        by_fd[fd] = file_of(path);
        if (!existed) {
            forget(by_fd[fd]);
            by_fd[fd]->is_new = 1;
        }
    } else {
        size_t length = strlen(path);
        while (length > 1 && path[length - 1] == '/') {
            length--;
        }
        is_directory[fd] = strncmp(prefix, path, length) == 0 && prefix[length] == '/' && !strchr(prefix + length + 1, '/');
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static int is_there(const char *path)
{
    return is_followed(path) ? access(path, F_OK) == 0 : 1;
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...)                      \
    {                                                               \
        pthread_once(&once, start);                                 \
        va_list arguments;                                          \
        va_start(arguments, flags);                                 \
        mode_t mode = mode_of(flags, arguments);                    \
        va_end(arguments);                                          \
        int existed = is_there(path);                               \
        return opened(real_open(path, flags, mode), path, existed); \
    }

#define OPENAT(name)                                                             \
    int name(int directory, const char *path, int flags, ...)                    \
    {                                                                            \
        pthread_once(&once, start);                                              \
        va_list arguments;                                                       \
        va_start(arguments, flags);                                              \
        mode_t mode = mode_of(flags, arguments);                                 \
        va_end(arguments);                                                       \
        int existed = is_there(path);                                            \
        return opened(real_openat(directory, path, flags, mode), path, existed); \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int fd)
{
    if (followed(fd) || (fd >= 0 && fd < MAX_FDS && is_directory[fd])) {
        pthread_mutex_lock(&lock);
        by_fd[fd] = NULL;
        is_directory[fd] = 0;
        pthread_mutex_unlock(&lock);
    }
    return real_close(fd);
}

int unlink(const char *path)
{
    pthread_once(&once, start);
    if (is_followed(path)) {
        pthread_mutex_lock(&lock);
        count_down();
        struct file *file = file_of(path);
        forget(file);
        file->is_new = 0;
        int result = real_unlink(path);
        pthread_mutex_unlock(&lock);
        return result;
    }
    return real_unlink(path);
}

static ssize_t write_at(struct file *file, int fd, const void *data, size_t length, off_t offset)
{
    pthread_mutex_lock(&lock);
    count_down();
    remember(file, fd, offset, data, length, 0);
    ssize_t result = real_pwrite(fd, data, length, offset);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    struct file *file = followed(fd);
    return file ? write_at(file, fd, data, length, offset) : real_pwrite(fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset)
{
    return pwrite(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length)
{
    struct file *file = followed(fd);
    if (!file) {
        return real_write(fd, data, length);
    }
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t result = write_at(file, fd, data, length, offset);
    if (result > 0) {
        lseek(fd, offset + result, SEEK_SET);
    }
    return result;
}

int ftruncate(int fd, off_t size)
{
    struct file *file = followed(fd);
    if (!file) {
        return real_ftruncate(fd, size);
    }
    pthread_mutex_lock(&lock);
    count_down();
    remember(file, fd, size, NULL, 0, 1);
    int result = real_ftruncate(fd, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off_t size)
{
    return ftruncate(fd, size);
}

static int sync_fd(int fd, int (*sync)(int))
{
    struct file *file = followed(fd);
    int is_folder = fd >= 0 && fd < MAX_FDS && is_directory[fd];
    if (!file && !is_folder) {
        return sync(fd);
    }
    pthread_mutex_lock(&lock);
    count_down();
    if (!lies && file) {
        forget(file);
    }
    for (int i = 0; !lies && is_folder && i < file_count; i++) {
        files[i].is_new = 0;
    }
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd)
{
    pthread_once(&once, start);
    return sync_fd(fd, real_fsync);
}

int fdatasync(int fd)
{
    pthread_once(&once, start);
    return sync_fd(fd, real_fdatasync);
}
