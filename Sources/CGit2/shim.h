#include <git2.h>
#include <git2/sys/commit.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// git_libgit2_opts is variadic, which Swift does not import.
static inline int factory_git_search_path(int level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}
static inline int factory_git_owner_validation(int on) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, on);
}
static inline int factory_git_cache_limit(git_object_t kind, size_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, kind, bytes);
}
static inline int factory_git_cache_size(ssize_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}
static inline int factory_git_strict_hash(int on) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, on);
}

// Writes a file's data out and waits for it, without the file system's journal: sync_file_range with all three flags,
// which glibc declares for C with its own extensions only. 0 on success.
static inline int factory_write_out(int file) {
#if defined(__linux__) && defined(SYS_sync_file_range)
  return (int)syscall(SYS_sync_file_range, file, 0L, 0L, 7U);
#else
  return -1;
#endif
}

// The magic number of the file system that a path is on; 0 when it cannot be told. statfs is not imported either.
#if defined(__linux__)
#include <sys/vfs.h>
static inline long factory_file_system(const char *path) {
  struct statfs info;
  return statfs(path, &info) == 0 ? (long)info.f_type : 0;
}
#else
static inline long factory_file_system(const char *path) { return 0; }
#endif
