/* The client that the programs are about, of the files that tests/fixtures makes: alice, below an issuing CA, below a root. */
#ifndef ALICE_H
#define ALICE_H

#include "check.h"

#define NOW INT64_C(1780272000)    /* 2026-06-01T00:00:00Z */
#define AFTER INT64_C(1811808000)  /* 2027-06-01T00:00:00Z */
#define CLIENT_ENDS INT64_C(1798761600) /* 2027-01-01T00:00:00Z */

static const char *folder;
static mtls_bytes chain[2];

static inline mtls_policy *new_policy(void)
{
    mtls_policy *policy = NULL;
    OK(mtls_policy_new(&policy));
    CHECK(policy != NULL);
    return policy;
}

/* What a policy says of the client with the names, at a time. */
static inline mtls_result verdict(const mtls_store *store, const mtls_policy *policy, int64_t time)
{
    mtls_client *client = NULL;
    mtls_result result = mtls_verify_client_chain(store, chain, 2, time, policy, &client, NULL);
    CHECK((result == MTLS_RESULT_OK) == (client != NULL));
    OK(mtls_client_free(client));
    return result;
}

/* Reads her chain; begins every program. */
static inline void begin(int argc, char **argv)
{
    CHECK(argc == 2);
    folder = argv[1];
    chain[0] = read_file(folder, "client.der");
    chain[1] = read_file(folder, "issuing.der");
}

static inline void end(void)
{
    free_bytes(chain[0]);
    free_bytes(chain[1]);
}

/* The store of the root. */
static inline mtls_store *new_store(void)
{
    mtls_bytes ca = read_file(folder, "ca.pem");
    mtls_store *store = NULL;
    mtls_error *error = NULL;
    OK(mtls_store_from_pem(ca.data, ca.len, &store, &error));
    CHECK(error == NULL && store != NULL);
    free_bytes(ca);
    return store;
}

#endif
