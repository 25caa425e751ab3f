/* Verifies a chain of DER files: verify CA.pem UNIX_TIME CLIENT.der [ISSUER.der...] */
#include <mtls_verify.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_PRESENTED 16

static int read_file(const char *path, mtls_bytes *bytes)
{
    static const size_t most = 16 << 20;
    uint8_t *data = (uint8_t *)malloc(most);
    FILE *file = fopen(path, "rb");

    if (data == NULL || file == NULL) {
        perror(path);
        return 0;
    }
    bytes->data = data;
    bytes->len = fread(data, 1, most, file);
    if (ferror(file)) {
        perror(path);
        return 0;
    }
    if (bytes->len == most) {
        fprintf(stderr, "%s: larger than this example reads\n", path);
        return 0;
    }
    fclose(file);
    return 1;
}

int main(int argc, char **argv)
{
    mtls_bytes ca, chain[MOST_PRESENTED];
    mtls_store *store = NULL;
    mtls_policy *policy = NULL;
    mtls_client *client = NULL;
    mtls_error *error = NULL;
    mtls_str subject;
    int64_t now = 0, until;
    int count = argc - 3, i, status = 1;
    char *end = NULL;

    errno = 0;
    if (argc > 2)
        now = strtoll(argv[2], &end, 10);
    if (count < 0 || count > MOST_PRESENTED || end == argv[2] || *end != '\0' || errno != 0) {
        fprintf(stderr, "verify CA.pem UNIX_TIME CLIENT.der [ISSUER.der...]\n");
        return 2;
    }
    if (!read_file(argv[1], &ca))
        return 2;
    for (i = 0; i < count; i++)
        if (!read_file(argv[i + 3], &chain[i]))
            return 2;

    if (mtls_store_from_pem(ca.data, ca.len, &store, &error) == MTLS_RESULT_OK
        && mtls_policy_new(&policy) == MTLS_RESULT_OK
        && mtls_verify_client_chain(store, chain, (size_t)count, now, policy, &client, &error)
               == MTLS_RESULT_OK
        && mtls_client_subject(client, &subject) == MTLS_RESULT_OK
        && mtls_client_valid_until(client, &until) == MTLS_RESULT_OK) {
        printf("%s may come in until %lld\n", subject.data, (long long)until);
        status = 0;
    } else {
        fprintf(stderr, "%s: %s\n", mtls_error_code(error).data, mtls_error_message(error).data);
    }
    mtls_client_free(client);
    mtls_error_free(error);
    mtls_policy_free(policy);
    mtls_store_free(store);
    for (i = 0; i < count; i++)
        free((void *)(uintptr_t)chain[i].data);
    free((void *)(uintptr_t)ca.data);
    return status;
}
