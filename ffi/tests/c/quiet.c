/* That the library opens nothing, starts nothing and reads no clock: quiet FOLDER [CONTROL]. The kernel stops what
 * would open a file or a socket or start a thread or a process. The clocks of this program stand in for those of the C
 * library. With a control, the program does itself what must be noticed. For Linux on x86_64 and aarch64. */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NOW INT64_C(1780272000) /* 2026-06-01T00:00:00Z */

static int clock_reads;

int clock_gettime(clockid_t id, struct timespec *time)
{
    (void)id;
    time->tv_sec = 0;
    time->tv_nsec = 0;
    clock_reads++;
    return 0;
}

int gettimeofday(struct timeval *time, void *zone)
{
    (void)zone;
    time->tv_sec = 0;
    time->tv_usec = 0;
    clock_reads++;
    return 0;
}

time_t time(time_t *out)
{
    if (out != NULL)
        *out = 0;
    clock_reads++;
    return 0;
}

static void stopped(int signal, siginfo_t *info, void *context)
{
    char text[] = "forbidden system call 000\n";
    int number = info->si_syscall;
    (void)signal;
    (void)context;
    text[22] = (char)('0' + number / 100 % 10);
    text[23] = (char)('0' + number / 10 % 10);
    text[24] = (char)('0' + number % 10);
    _exit(write(2, text, sizeof text - 1) < 0 ? 98 : 99);
}

#define FORBID(number)                                        \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1),      \
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)

static void forbid(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_open
        FORBID(SYS_open), FORBID(SYS_creat), FORBID(SYS_fork), FORBID(SYS_vfork), FORBID(SYS_time),
#endif
        FORBID(SYS_openat), FORBID(SYS_openat2), FORBID(SYS_socket), FORBID(SYS_clone), FORBID(SYS_clone3),
        FORBID(SYS_execve), FORBID(SYS_clock_gettime), FORBID(SYS_gettimeofday),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program;
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = stopped;
    action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGSYS, &action, NULL) == 0);
    program.len = sizeof filter / sizeof *filter;
    program.filter = filter;
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void *run_nothing(void *nothing)
{
    return nothing;
}

/* The function that a shared library gets by this name. */
static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    CHECK(found != NULL);
    memcpy(function, &found, sizeof found);
}

/* Does what must be noticed. */
static void control(const char *what)
{
    if (strcmp(what, "open") == 0) {
        CHECK(fopen("/proc/self/cgroup", "rb") == NULL);
    } else if (strcmp(what, "socket") == 0) {
        CHECK(socket(AF_UNIX, SOCK_STREAM, 0) < 0);
    } else if (strcmp(what, "thread") == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, run_nothing, NULL) != 0);
    } else if (strcmp(what, "clock_gettime") == 0) {
        int (*read)(clockid_t, struct timespec *);
        struct timespec time;
        find(what, &read);
        CHECK(read(CLOCK_MONOTONIC, &time) == 0);
    } else if (strcmp(what, "gettimeofday") == 0) {
        int (*read)(struct timeval *, void *);
        struct timeval time;
        find(what, &read);
        CHECK(read(&time, NULL) == 0);
    } else {
        time_t (*read)(time_t *);
        CHECK(strcmp(what, "time") == 0);
        find(what, &read);
        CHECK(read(NULL) >= 0);
    }
}

/* Ends the program if a clock was read. */
static void check_clocks(void)
{
    if (clock_reads != 0) {
        fprintf(stderr, "forbidden reading of a clock\n");
        exit(99);
    }
}

int main(int argc, char **argv)
{
    mtls_revocation_status status;
    mtls_store *store = NULL, *denying = NULL, *renewed = NULL, *held = NULL;
    mtls_store_builder *builder = NULL;
    mtls_deny_list *list = NULL;
    mtls_policy *policy = NULL;
    mtls_verifier *verifier = NULL;
    mtls_client *client = NULL;
    mtls_error *error = NULL;
    mtls_bytes ca, crls, chain[2], none = { NULL, 0 };
    uint8_t digest[32];
    int64_t until = 0;
    int i;

    CHECK(argc >= 2);
    ca = read_file(argv[1], "ca.pem");
    crls = read_file(argv[1], "crls.pem");
    chain[0] = read_file(argv[1], "client.der");
    chain[1] = read_file(argv[1], "issuing.der");
    forbid();
    if (argc > 2) {
        control(argv[2]);
        check_clocks();
        return 0;
    }

    OK(mtls_store_from_pem(ca.data, ca.len, &store, &error));
    OK(mtls_store_free(store));
    OK(mtls_store_builder_new(&builder));
    OK(mtls_store_builder_add_ca_pem(builder, ca.data, ca.len, &error));
    OK(mtls_store_builder_add_crl_pem(builder, crls.data, crls.len, &error));
    OK(mtls_store_builder_build(builder, &store, &error));
    OK(mtls_policy_new(&policy));

    /* The default policy, with CRLs in the store: they are checked. */
    OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &client, &error));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_GOOD);
    OK(mtls_client_free(client));
    OK(mtls_verifier_new(store, policy, &verifier));
    for (i = 0; i < 2; i++) {
        OK(mtls_verifier_verify(verifier, chain, 2, NOW, &client, &error));
        OK(mtls_client_free(client));
    }
    OK(mtls_verifier_free(verifier));

    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_OFF, MTLS_UNKNOWN_STATUS_DENY));
    OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &client, &error));
    OK(mtls_client_fingerprint_sha256(client, digest, sizeof digest));
    OK(mtls_client_free(client));

    OK(mtls_verifier_new(store, policy, &verifier));
    for (i = 0; i < 3; i++) {
        OK(mtls_verifier_verify(verifier, chain, 2, NOW, &client, &error));
        OK(mtls_client_valid_until(client, &until));
        OK(mtls_client_free(client));
        GIVES(MTLS_RESULT_MALFORMED, mtls_verifier_verify(verifier, &none, 1, NOW, &client, &error));
        CHECK(mtls_error_message(error).len > 0);
        OK(mtls_error_free(error));
        error = NULL;
    }
    OK(mtls_deny_list_new(&list));
    OK(mtls_deny_list_add_certificate_sha256(list, digest, sizeof digest));
    OK(mtls_store_with_deny_list(store, list, &denying));
    OK(mtls_store_with_crls_pem(denying, &crls, 1, MTLS_ON_BAD_INPUT_SKIP, &renewed, &error));
    OK(mtls_verifier_replace_store(verifier, renewed));
    OK(mtls_verifier_store(verifier, &held));
    GIVES(MTLS_RESULT_DENIED, mtls_verifier_verify(verifier, chain, 2, NOW, &client, &error));
    OK(mtls_error_free(error));

    OK(mtls_verifier_free(verifier));
    OK(mtls_store_free(held));
    OK(mtls_store_free(renewed));
    OK(mtls_store_free(denying));
    OK(mtls_store_free(store));
    OK(mtls_store_builder_free(builder));
    OK(mtls_deny_list_free(list));
    OK(mtls_policy_free(policy));
    check_clocks();
    free_bytes(ca), free_bytes(crls), free_bytes(chain[0]), free_bytes(chain[1]);
    return 0;
}
