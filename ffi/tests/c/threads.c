/* Eight threads with one store, one policy that changes, one verifier whose store is swapped, and one client: threads FOLDER. */
#include "check.h"

#include <pthread.h>

#define NOW INT64_C(1780272000) /* 2026-06-01T00:00:00Z */
#define THREADS 8
#define ROUNDS 20

static mtls_store *store;
static mtls_policy *policy;
static mtls_verifier *verifier;
static mtls_client *shared;
static mtls_bytes chain[2];

static void *work(void *number)
{
    int round;

    for (round = 0; round < ROUNDS; round++) {
        mtls_client *client = NULL;
        mtls_error *error = NULL;
        mtls_str subject;
        size_t count = 0;

        /* As many refuse RSA keys as allow them again, to the same chain of other keys. */
        OK(mtls_policy_set_rsa_key_bits(policy, 2048, *(int *)number % 2 == 0 ? 4096 : 8192));
        OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &client, &error));
        OK(mtls_client_subject(client, &subject));
        CHECK(is_text(subject, "CN=alice,OU=Night,OU=Operations,O=Example"));
        OK(mtls_client_free(client));
        OK(mtls_verifier_verify(verifier, chain, 2, NOW, &client, &error));
        OK(mtls_client_free(client));
        if (round % 10 == 0)
            OK(mtls_verifier_replace_store(verifier, store));
        if (round % 10 == 5)
            OK(mtls_verifier_replace(verifier, store, policy));
        GIVES(MTLS_RESULT_EMPTY_CHAIN, mtls_verifier_verify(verifier, NULL, 0, NOW, &client, &error));
        CHECK(mtls_error_alert(error) == 116);
        OK(mtls_error_free(error));

        /* What is read of an object for the first time is made by whichever thread comes first. */
        OK(mtls_client_name(shared, MTLS_NAME_KIND_DNS, 0, &subject));
        CHECK(is_text(subject, "alice.example"));
        OK(mtls_client_path_subject(shared, 2, &subject));
        CHECK(is_text(subject, "CN=Root"));
        OK(mtls_store_distinguished_name_count(store, &count));
        CHECK(count == 1);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    int numbers[THREADS], i;
    mtls_bytes ca;

    CHECK(argc == 2);
    ca = read_file(argv[1], "ca.pem");
    chain[0] = read_file(argv[1], "client.der");
    chain[1] = read_file(argv[1], "issuing.der");
    OK(mtls_store_from_pem(ca.data, ca.len, &store, NULL));
    OK(mtls_policy_new(&policy));
    OK(mtls_verifier_new(store, policy, &verifier));
    OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &shared, NULL));
    for (i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    OK(mtls_client_free(shared));
    OK(mtls_verifier_free(verifier));
    OK(mtls_policy_free(policy));
    OK(mtls_store_free(store));
    free_bytes(ca);
    free_bytes(chain[0]);
    free_bytes(chain[1]);
    return 0;
}
