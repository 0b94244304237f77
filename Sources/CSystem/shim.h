#pragma once

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What Swift does not import: GNU extensions, variadic functions, packed structures, unions. Errors are -1 and errno, as
// in the calls themselves; the spawn functions return the error.

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

static inline int factory_spawn_chdir(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}
static inline int factory_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
// A session of its own, no signal blocked, every signal at its default.
static inline int factory_spawn_attributes(posix_spawnattr_t *attributes) {
  const short new_session = 0x80;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_init(attributes);
  if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  if (!error)
    error = posix_spawnattr_setflags(attributes, new_session | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  return error;
}

static inline int factory_pipe(int ends[2], int flags) { return (int)syscall(SYS_pipe2, ends, flags); }
static inline int factory_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_CLOEXEC); }
static inline int factory_socket_pair(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}
// One message from such a socket, and the one descriptor that came along with it, or -1.
static inline long factory_receive(int socket, void *text, size_t size, int *handed) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec part = {text, size};
  struct msghdr message = {0};
  long count;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control.space;
  *handed = -1;
  do {
    count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  struct cmsghdr *header = count > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    __builtin_memcpy(handed, CMSG_DATA(header), sizeof *handed);
  }
  return count;
}
static inline int factory_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static inline int factory_pidfd_kill(int pidfd) { return (int)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0); }
static inline int factory_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
static inline int factory_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

// Puts the calling thread before every ordinary one, but nothing that it starts. Only root may, as a rule.
#define FACTORY_SCHED_RESET_ON_FORK 0x40000000  // glibc names it only with _GNU_SOURCE
static inline int factory_go_first(void) {
  struct sched_param priority = {.sched_priority = 1};
  return sched_setscheduler(0, SCHED_RR | FACTORY_SCHED_RESET_ON_FORK, &priority);
}

// Reaps a child of ours if it has ended: its pid, 0 if it runs, -1 if there is no such child. `value` is its exit code, or
// the signal that ended it.
static inline int factory_reap(int is_pidfd, int id, int *signalled, int *value) {
  siginfo_t info;
  int result;
  info.si_pid = 0;
  do {
    result = waitid(is_pidfd ? (idtype_t)P_PIDFD : P_PID, (id_t)id, &info, WEXITED | WNOHANG);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return -1;
  if (info.si_pid == 0) return 0;
  *signalled = info.si_code != CLD_EXITED;
  *value = info.si_status;
  return info.si_pid;
}

static inline int factory_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int factory_epoll_add(int epoll, int descriptor, int writing, uint64_t token) {
  struct epoll_event event;
  event.events = writing ? EPOLLOUT : EPOLLIN;
  event.data.u64 = token;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}
static inline int factory_epoll_remove(int epoll, int descriptor) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL);
}
// The tokens of at most 64 descriptors that are ready.
static inline int factory_epoll_wait(int epoll, uint64_t tokens[64], int milliseconds) {
  struct epoll_event events[64];
  int count = epoll_wait(epoll, events, 64, milliseconds);
  for (int i = 0; i < count; i++) tokens[i] = events[i].data.u64;
  return count;
}

static inline int factory_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int factory_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }
// Watches the names in a directory: made, moved, deleted, written and closed.
static inline int factory_inotify_add(int inotify, const char *directory) {
  return inotify_add_watch(
      inotify, directory,
      IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

// Bytes that an ordinary user may still write where the path is; -1 when that cannot be told.
static inline long factory_free_bytes(const char *path) {
  struct statvfs info;
  return statvfs(path, &info) ? -1 : (long)(info.f_bavail * info.f_frsize);
}

// Bytes on the disk of the files below a directory that were written since then, in seconds since 1970. LONG_MAX where
// something cannot be looked at: who hides files is taken for the one who has filled the disk.
static inline long factory_bytes_written(const char *path, long since) {
  char *roots[] = {(char *)path, NULL};
  long sum = 0;
  FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
  if (!walk) return 0;
  for (FTSENT *entry; sum < LONG_MAX && (entry = fts_read(walk));) {
    if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) {
      if (entry->fts_errno != ENOENT) sum = LONG_MAX;
    } else if (entry->fts_info == FTS_F && entry->fts_statp->st_ctim.tv_sec >= since) {
      sum += entry->fts_statp->st_blocks * 512;
    }
  }
  fts_close(walk);
  return sum;
}
