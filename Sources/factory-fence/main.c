// The first program inside a fence: sets the limits that only a process can set for itself, opens the way to the line's
// proxy, tells the line that the fence stands, and becomes the program.
//
//   factory-fence DOOR PORT FILE PROCESSES PROGRAM [ARGUMENT…]
//
// DOOR is a socket to the line. With a PORT other than 0 a socket that listens on it at 127.0.0.1, inside the fence's
// own network, is handed to the line, which answers there from outside: no relay is left inside for the program to meet.
// FILE is the largest file in bytes, PROCESSES the most processes of this user in the fence; 0 is no limit.
//
// The line reads from DOOR: `R` once the fence stands (with the listening socket, if any), then the end when the program
// runs, or `E` and the number of the error when it could not be started, `S` and a number when the set-up failed.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define JOIN_SESSION_KEYRING 1

static int door;

static void tell(char word, int number) {
  char text[16];
  int length = snprintf(text, sizeof text, "%c%d", word, number);
  while (send(door, text, (size_t)length, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

static _Noreturn void fail(const char *what) {
  int number = errno;
  tell('S', number);
  fprintf(stderr, "factory-fence: %s: %s\n", what, strerror(number));
  exit(125);
}

static unsigned long long number(const char *text) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (errno || *end || end == text) {
    errno = EINVAL;
    fail(text);
  }
  return value;
}

static void limit(int resource, unsigned long long value) {
  struct rlimit now, wanted = {value, value};
  if (getrlimit(resource, &now)) fail("getrlimit");
  if (now.rlim_max < value) wanted.rlim_cur = wanted.rlim_max = now.rlim_max;
  if (setrlimit(resource, &wanted)) fail("setrlimit");
}

static int listening(int port) {
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) fail("socket");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket_, (struct sockaddr *)&address, sizeof address)) fail("bind");
  if (listen(socket_, 128)) fail("listen");
  return socket_;
}

static void stand(int handed) {
  char word = 'R';
  struct iovec part = {&word, 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (handed >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = sizeof control.space;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &handed, sizeof handed);
  }
  ssize_t sent;
  do {
    sent = sendmsg(door, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) fail("sendmsg");
}

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#else
#error "which machine is this? name it, or the system calls of another one would go unseen"
#endif
#define OTHER_CALLS 0x40000000  // the x32 numbers of x86-64; no call of any machine is as high

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define REFUSE_IF(value, error) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), REFUSE(error)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define ALLOW_IF(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), ALLOW

// What namespaces do not hold: sockets to the machine below a virtual one, which belong to no network namespace, and every
// other kind that is of no use here; io_uring, which makes sockets without asking for any; keyrings; and what looks into the
// kernel. Programs for another kind of processor are refused, since their calls have other numbers.
static void close_side_doors(void) {
  struct sock_filter rules[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
      REFUSE(ENOSYS),
      LOAD(nr),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_CALLS, 0, 1),
      REFUSE(ENOSYS),
      REFUSE_IF(SYS_io_uring_setup, ENOSYS),
      REFUSE_IF(SYS_io_uring_enter, ENOSYS),
      REFUSE_IF(SYS_io_uring_register, ENOSYS),
      REFUSE_IF(SYS_keyctl, EPERM),
      REFUSE_IF(SYS_add_key, EPERM),
      REFUSE_IF(SYS_request_key, EPERM),
      REFUSE_IF(SYS_bpf, EPERM),
      REFUSE_IF(SYS_perf_event_open, EPERM),
      REFUSE_IF(SYS_userfaultfd, EPERM),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
      ALLOW,
      LOAD(args[0]),
      ALLOW_IF(AF_UNIX),
      ALLOW_IF(AF_INET),
      ALLOW_IF(AF_INET6),
      ALLOW_IF(AF_NETLINK),
      REFUSE(EAFNOSUPPORT),
  };
  struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) fail("no_new_privs");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) fail("seccomp");
}

int main(int count, char **words) {
  if (count < 6) {
    fprintf(stderr, "usage: factory-fence DOOR PORT FILE PROCESSES PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  door = atoi(words[1]);
  if (fcntl(door, F_SETFD, FD_CLOEXEC)) {
    fprintf(stderr, "factory-fence: %s is no descriptor\n", words[1]);
    return 64;
  }
  int port = (int)number(words[2]);
  unsigned long long file = number(words[3]), processes = number(words[4]);
  // The keys of whoever runs the line are not for the program.
  syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL, 0, 0, 0);
  limit(RLIMIT_CORE, 0);
  if (file) limit(RLIMIT_FSIZE, file);
  if (processes) limit(RLIMIT_NPROC, processes);
  int handed = port ? listening(port) : -1;
  close_side_doors();
  stand(handed);
  if (handed >= 0) close(handed);
  execvp(words[5], words + 5);
  int why = errno;
  tell('E', why);
  fprintf(stderr, "%s: %s\n", words[5], strerror(why));
  return why == ENOENT ? 127 : 126;
}
