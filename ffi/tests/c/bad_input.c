/* What must come to an error code: bad_input FOLDER [debug]. With "debug", the library was built with debug assertions. */
#include "check.h"

#define NOW INT64_C(1780272000) /* 2026-06-01T00:00:00Z */

/* An address that is not NULL and must not be looked at. */
#define NOWHERE ((const uint8_t *)(uintptr_t)16)

static uint8_t room[64];

/* NULL in each place of each function, with everything else as it should be. */
static void test_null(mtls_store *store, mtls_policy *policy, mtls_client *client, mtls_verifier *verifier,
                      mtls_store_builder *builder, mtls_deny_list *list)
{
    mtls_store *new_store = NULL;
    mtls_client *new_client = NULL;
    mtls_verifier *new_verifier = NULL;
    mtls_error *error = NULL;
    mtls_bytes bytes = { NULL, 1 }, none = { NULL, 0 };
    mtls_str text = { "", 0 };
    mtls_crl_info info;
    size_t count = 7;
    int64_t time = 7;
    mtls_expiry_status expiry;
    mtls_trusted_by trusted_by;
    mtls_revocation_status revocation;

#define NULL_IN(call) GIVES(MTLS_RESULT_NULL_POINTER, call)
    NULL_IN(mtls_store_from_pem(NULL, 1, &new_store, NULL));
    NULL_IN(mtls_store_from_pem(room, 1, NULL, NULL));
    GIVES(MTLS_RESULT_STORE_EMPTY, mtls_store_from_pem(NULL, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(NULL, NULL, 0, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, NULL, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, &bytes, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, NULL, 0, 0, NULL, NULL));
    GIVES(MTLS_RESULT_STORE_EMPTY, mtls_store_with_crls_pem(store, &none, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(NULL, NULL, 0, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, NULL, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, &bytes, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, NULL, 0, 0, NULL, NULL));
    GIVES(MTLS_RESULT_STORE_MALFORMED, mtls_store_with_crls_der(store, &none, 1, 0, &new_store, NULL));
    NULL_IN(mtls_store_with_deny_list(NULL, list, &new_store));
    NULL_IN(mtls_store_with_deny_list(store, NULL, &new_store));
    NULL_IN(mtls_store_with_deny_list(store, list, NULL));
#define COUNT_OF(function, object)                  \
    NULL_IN(function(NULL, &count));                \
    NULL_IN(function(object, NULL))
    COUNT_OF(mtls_store_anchor_count, store);
    COUNT_OF(mtls_store_intermediate_count, store);
    COUNT_OF(mtls_store_pinned_client_count, store);
    COUNT_OF(mtls_store_distinguished_name_count, store);
    COUNT_OF(mtls_store_crl_count, store);
    COUNT_OF(mtls_store_skipped_count, store);
    COUNT_OF(mtls_client_path_count, client);
    COUNT_OF(mtls_client_policy_count, client);
    NULL_IN(mtls_store_distinguished_name(NULL, 0, &bytes));
    NULL_IN(mtls_store_distinguished_name(store, 0, NULL));
    NULL_IN(mtls_store_crl(NULL, 0, &info));
    NULL_IN(mtls_store_crl(store, 0, NULL));
    NULL_IN(mtls_store_skipped(NULL, 0, &error));
    NULL_IN(mtls_store_skipped(store, 0, NULL));

    NULL_IN(mtls_store_builder_new(NULL));
    NULL_IN(mtls_store_builder_set_on_bad_input(NULL, 0));
    NULL_IN(mtls_store_builder_deny(NULL, list));
    NULL_IN(mtls_store_builder_deny(builder, NULL));
    NULL_IN(mtls_store_builder_build(NULL, &new_store, NULL));
    /* That the store cannot be given out does not spend the builder. */
    NULL_IN(mtls_store_builder_build(builder, NULL, NULL));
#define ADDS(function)                              \
    NULL_IN(function(NULL, room, 1, NULL));         \
    NULL_IN(function(builder, NULL, 1, NULL))
    ADDS(mtls_store_builder_add_ca_pem);
    ADDS(mtls_store_builder_add_ca_der);
    ADDS(mtls_store_builder_add_intermediates_pem);
    ADDS(mtls_store_builder_add_intermediate_der);
    ADDS(mtls_store_builder_pin_clients_pem);
    ADDS(mtls_store_builder_pin_client_der);
    ADDS(mtls_store_builder_add_crl_pem);
    ADDS(mtls_store_builder_add_crl_der);

    NULL_IN(mtls_deny_list_new(NULL));
    NULL_IN(mtls_deny_list_add_certificate_sha256(NULL, room, 32));
    NULL_IN(mtls_deny_list_add_certificate_sha256(list, NULL, 32));
    NULL_IN(mtls_deny_list_add_key_sha256(NULL, room, 32));
    NULL_IN(mtls_deny_list_add_key_sha256(list, NULL, 32));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_deny_list_add_key_sha256(list, NULL, 0));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_deny_list_add_key_sha256(list, room, 33));
    NULL_IN(mtls_deny_list_add_certificate(NULL, room, 1, NULL));
    NULL_IN(mtls_deny_list_add_certificate(list, NULL, 1, NULL));
    GIVES(MTLS_RESULT_STORE_MALFORMED, mtls_deny_list_add_certificate(list, NULL, 0, NULL));
    NULL_IN(mtls_deny_list_add_serial(NULL, room, 1, room, 1, NULL));
    NULL_IN(mtls_deny_list_add_serial(list, NULL, 1, room, 1, NULL));
    NULL_IN(mtls_deny_list_add_serial(list, room, 1, NULL, 1, NULL));
    GIVES(MTLS_RESULT_INVALID_NAME, mtls_deny_list_add_serial(list, NULL, 0, NULL, 0, NULL));

    NULL_IN(mtls_policy_new(NULL));
    NULL_IN(mtls_policy_set_expiry(NULL, 0, 0, 0));
    NULL_IN(mtls_policy_set_clock_skew(NULL, 0));
    NULL_IN(mtls_policy_set_revocation(NULL, 0, 0));
    NULL_IN(mtls_policy_set_stale_crls(NULL, 0, 0));
    NULL_IN(mtls_policy_set_pruned_entries(NULL, 0));
    NULL_IN(mtls_policy_set_purpose(NULL, 0, "1.2", 3));
    NULL_IN(mtls_policy_set_purpose(policy, 0, NULL, 3));
    NULL_IN(mtls_policy_set_purpose(policy, 0, NULL, 0));
    NULL_IN(mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_PREFIX, NULL, 0));
    NULL_IN(mtls_policy_add_acceptable_policy(policy, NULL, 0));
    NULL_IN(mtls_policy_set_client_key_usage(NULL, 0));
    NULL_IN(mtls_policy_set_client_ca(NULL, 0));
    NULL_IN(mtls_policy_set_path_length(NULL, 0));
    NULL_IN(mtls_policy_set_profile(NULL, 0));
    NULL_IN(mtls_policy_set_rsa_key_bits(NULL, 1, 2));
    NULL_IN(mtls_policy_set_limit(NULL, 0, 1));
    NULL_IN(mtls_policy_set_memory(NULL, 0, 1));
    NULL_IN(mtls_policy_restrict_identities(NULL));
    NULL_IN(mtls_policy_add_identity(NULL, 0, 0, "a", 1));
    NULL_IN(mtls_policy_add_identity(policy, 0, 0, NULL, 1));
    NULL_IN(mtls_policy_restrict_acceptable_policies(NULL));
    NULL_IN(mtls_policy_add_acceptable_policy(NULL, "1.2", 3));
    NULL_IN(mtls_policy_add_acceptable_policy(policy, NULL, 3));
    NULL_IN(mtls_policy_set_certificate_policies(NULL, 0, 0, 0));

    NULL_IN(mtls_verify_client_chain(NULL, NULL, 0, NOW, policy, &new_client, NULL));
    NULL_IN(mtls_verify_client_chain(store, NULL, 1, NOW, policy, &new_client, NULL));
    NULL_IN(mtls_verify_client_chain(store, &bytes, 1, NOW, policy, &new_client, NULL));
    NULL_IN(mtls_verify_client_chain(store, NULL, 0, NOW, NULL, &new_client, NULL));
    NULL_IN(mtls_verify_client_chain(store, NULL, 0, NOW, policy, NULL, NULL));
    GIVES(MTLS_RESULT_MALFORMED, mtls_verify_client_chain(store, &none, 1, NOW, policy, &new_client, NULL));
    NULL_IN(mtls_verifier_new(NULL, policy, &new_verifier));
    NULL_IN(mtls_verifier_new(store, NULL, &new_verifier));
    NULL_IN(mtls_verifier_new(store, policy, NULL));
    NULL_IN(mtls_verifier_verify(NULL, NULL, 0, NOW, &new_client, NULL));
    NULL_IN(mtls_verifier_verify(verifier, NULL, 1, NOW, &new_client, NULL));
    NULL_IN(mtls_verifier_verify(verifier, &bytes, 1, NOW, &new_client, NULL));
    NULL_IN(mtls_verifier_verify(verifier, NULL, 0, NOW, NULL, NULL));
    NULL_IN(mtls_verifier_replace_store(NULL, store));
    NULL_IN(mtls_verifier_replace_store(verifier, NULL));
    NULL_IN(mtls_verifier_store(NULL, &new_store));
    NULL_IN(mtls_verifier_store(verifier, NULL));

#define READS(function, out)                        \
    NULL_IN(function(NULL, out));                   \
    NULL_IN(function(client, NULL))
    READS(mtls_client_subject, &text);
    READS(mtls_client_issuer, &text);
    READS(mtls_client_subject_der, &bytes);
    READS(mtls_client_issuer_der, &bytes);
    READS(mtls_client_common_name, &text);
    READS(mtls_client_spiffe_id, &text);
    READS(mtls_client_user_principal_name, &text);
    READS(mtls_client_serial, &text);
    READS(mtls_client_serial_bytes, &bytes);
    READS(mtls_client_not_before, &time);
    READS(mtls_client_not_after, &time);
    READS(mtls_client_valid_until, &time);
    READS(mtls_client_expiry, &expiry);
    READS(mtls_client_trusted_by, &trusted_by);
    NULL_IN(mtls_client_name_count(NULL, 0, &count));
    NULL_IN(mtls_client_name_count(client, 0, NULL));
    NULL_IN(mtls_client_name(NULL, 0, 0, &text));
    NULL_IN(mtls_client_name(client, 0, 0, NULL));
    NULL_IN(mtls_client_fingerprint_sha256(NULL, room, 32));
    NULL_IN(mtls_client_fingerprint_sha256(client, NULL, 32));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_client_fingerprint_sha256(client, room, 31));
    NULL_IN(mtls_client_path_certificate(NULL, 0, &bytes));
    NULL_IN(mtls_client_path_certificate(client, 0, NULL));
    NULL_IN(mtls_client_path_subject(NULL, 0, &text));
    NULL_IN(mtls_client_path_subject(client, 0, NULL));
    NULL_IN(mtls_client_revocation(NULL, 0, &revocation));
    NULL_IN(mtls_client_revocation(client, 0, NULL));
    NULL_IN(mtls_client_stale_since(NULL, 0, &time));
    NULL_IN(mtls_client_stale_since(client, 0, NULL));
    NULL_IN(mtls_client_policy(NULL, 0, &text));
    NULL_IN(mtls_client_policy(client, 0, NULL));

    /* Of no error, what is said of one about which nothing is known. */
    GIVES(MTLS_RESULT_NULL_POINTER, mtls_error_result(NULL));
    CHECK(is_text(mtls_error_code(NULL), "") && is_text(mtls_error_message(NULL), ""));
    CHECK(is_text(mtls_error_subject(NULL), "") && mtls_error_alert(NULL) == 80);
    CHECK(mtls_error_position(NULL) == MTLS_POSITION_NONE && mtls_error_index(NULL) == 0);
    CHECK(mtls_error_input(NULL) == MTLS_INPUT_NONE);
    CHECK(mtls_error_block(NULL) == 0 && mtls_error_line(NULL) == 0);

    /* Nothing was given out. */
    CHECK(new_store == NULL && new_client == NULL && new_verifier == NULL && error == NULL);
    CHECK(bytes.data == NULL && bytes.len == 1 && count == 7 && time == 7);
    OK(mtls_store_free(NULL));
    OK(mtls_store_builder_free(NULL));
    OK(mtls_deny_list_free(NULL));
    OK(mtls_policy_free(NULL));
    OK(mtls_verifier_free(NULL));
    OK(mtls_client_free(NULL));
    OK(mtls_error_free(NULL));
}

static void test_lengths(mtls_store *store, mtls_policy *policy, mtls_verifier *verifier, mtls_bytes *chain)
{
    mtls_client *client = NULL;
    mtls_store *new_store = NULL;
    mtls_error *error = NULL;
    mtls_bytes endless;

    endless.data = NOWHERE;
    endless.len = SIZE_MAX;
    GIVES(MTLS_RESULT_TOO_LONG, mtls_verify_client_chain(store, chain, SIZE_MAX, NOW, policy, &client, &error));
    CHECK(strstr(mtls_error_message(error).data, "10000") != NULL && mtls_error_alert(error) == 80);
    OK(mtls_error_free(error));
    error = NULL;
    GIVES(MTLS_RESULT_TOO_LONG, mtls_verify_client_chain(store, chain, SIZE_MAX / 16, NOW, policy, &client, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_verify_client_chain(store, &endless, 1, NOW, policy, &client, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_verifier_verify(verifier, chain, SIZE_MAX, NOW, &client, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_verifier_verify(verifier, chain, 10001, NOW, &client, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_from_pem(NOWHERE, SIZE_MAX, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_from_pem(NOWHERE, (size_t)PTRDIFF_MAX + 1, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG,
          mtls_store_from_pem((const uint8_t *)UINTPTR_MAX, 16, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, chain, SIZE_MAX, 0, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, chain, SIZE_MAX / 8, 0, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, &endless, 1, 0, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_policy_add_identity(policy, 0, 0, "a", SIZE_MAX));
    GIVES(MTLS_RESULT_INVALID_TIME, mtls_verify_client_chain(store, chain, 2, -1, policy, &client, NULL));
    GIVES(MTLS_RESULT_INVALID_TIME, mtls_verifier_verify(verifier, chain, 2, INT64_MIN, &client, NULL));
    GIVES(MTLS_RESULT_EXPIRED, mtls_verifier_verify(verifier, chain, 2, INT64_MAX, &client, NULL));
    GIVES(MTLS_RESULT_MISALIGNED_POINTER,
          mtls_verify_client_chain(store, chain, 2, NOW, policy, (mtls_client **)(uintptr_t)(room + 1 + (((uintptr_t)room) & 1)), NULL));
    CHECK(client == NULL && new_store == NULL && error == NULL);
}

static void test_values(mtls_store *store, mtls_policy *policy, mtls_store_builder *builder, mtls_client *client)
{
    mtls_store *new_store = NULL;
    mtls_str text;
    size_t count;
    uint32_t bad[2] = { 99, UINT32_MAX };
    int i;

    for (i = 0; i < 2; i++) {
#define REFUSES(call) GIVES(MTLS_RESULT_INVALID_VALUE, call)
        REFUSES(mtls_policy_set_expiry(policy, bad[i], 0, 0));
        REFUSES(mtls_policy_set_expiry(policy, 0, bad[i], 0));
        REFUSES(mtls_policy_set_revocation(policy, bad[i], 0));
        REFUSES(mtls_policy_set_revocation(policy, 0, bad[i]));
        REFUSES(mtls_policy_set_stale_crls(policy, bad[i], 0));
        REFUSES(mtls_policy_set_pruned_entries(policy, bad[i]));
        REFUSES(mtls_policy_set_purpose(policy, bad[i], "1.2.3", 5));
        REFUSES(mtls_policy_set_client_key_usage(policy, bad[i]));
        REFUSES(mtls_policy_set_client_ca(policy, bad[i]));
        REFUSES(mtls_policy_set_profile(policy, bad[i]));
        REFUSES(mtls_policy_set_limit(policy, bad[i], 1));
        REFUSES(mtls_policy_add_identity(policy, bad[i], 0, "a", 1));
        REFUSES(mtls_policy_add_identity(policy, 0, bad[i], "a", 1));
        REFUSES(mtls_policy_set_certificate_policies(policy, bad[i], 0, 0));
        REFUSES(mtls_policy_set_certificate_policies(policy, 0, bad[i], 0));
        REFUSES(mtls_policy_set_certificate_policies(policy, 0, 0, bad[i]));
        REFUSES(mtls_store_builder_set_on_bad_input(builder, bad[i]));
        REFUSES(mtls_store_with_crls_pem(store, NULL, 0, bad[i], &new_store, NULL));
        REFUSES(mtls_client_name(client, bad[i], 0, &text));
        REFUSES(mtls_client_name_count(client, bad[i], &count));
    }
    REFUSES(mtls_policy_set_rsa_key_bits(policy, 2, 1));
    REFUSES(mtls_policy_add_identity(policy, MTLS_NAME_KIND_IP, MTLS_TEXT_MATCH_PREFIX, "192.", 4));
    GIVES(MTLS_RESULT_INVALID_ADDRESS,
          mtls_policy_add_identity(policy, MTLS_NAME_KIND_IP, MTLS_TEXT_MATCH_EXACT, "192.0.2.256", 11));
    REFUSES(mtls_policy_add_identity(policy, MTLS_NAME_KIND_URI, MTLS_TEXT_MATCH_BELOW, "spiffe://a", 10));
    REFUSES(mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_PREFIX, "spiffe://a/", 11));
    GIVES(MTLS_RESULT_INVALID_NAME,
          mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_EXACT, "spiffe://a", 10));
    GIVES(MTLS_RESULT_INVALID_NAME,
          mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_BELOW, "spiffe://a/", 11));
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_add_identity(policy, 0, 0, "caf\xe9", 4));
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_set_purpose(policy, 0, "\xff", 1));
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_add_acceptable_policy(policy, "1.2\xc0\x80", 5));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "1.40.3", 6));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "1.2.03", 6));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_set_purpose(policy, 0, "clientAuth", 10));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_set_purpose(policy, 0, "1.2.3", 6)); /* its NUL counted in */
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "", 0));
    CHECK(new_store == NULL);
}

/* Only debug builds can tell; in others this would be undefined. */
static void test_freed(mtls_bytes ca)
{
    mtls_store *store = NULL;
    mtls_policy *policy = NULL;
    mtls_error *error = NULL;
    mtls_client *client = NULL;
    size_t count = 0;

    OK(mtls_store_from_pem(ca.data, ca.len, &store, NULL));
    OK(mtls_policy_new(&policy));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_store_free((mtls_store *)(void *)policy));
    OK(mtls_store_free(store));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_store_free(store));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_store_anchor_count(store, &count));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_verify_client_chain(store, NULL, 0, NOW, policy, &client, &error));
    OK(mtls_error_free(error));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_error_free(error));
    CHECK(is_text(mtls_error_message(error), ""));
    OK(mtls_policy_free(policy));
    GIVES(MTLS_RESULT_INVALID_HANDLE, mtls_policy_free(policy));
}

int main(int argc, char **argv)
{
    mtls_store *store = NULL, *built = NULL;
    mtls_policy *policy = NULL;
    mtls_client *client = NULL;
    mtls_verifier *verifier = NULL;
    mtls_store_builder *builder = NULL;
    mtls_deny_list *list = NULL;
    mtls_bytes ca, chain[2];

    CHECK(argc >= 2);
    ca = read_file(argv[1], "ca.pem");
    chain[0] = read_file(argv[1], "client.der");
    chain[1] = read_file(argv[1], "issuing.der");
    OK(mtls_store_from_pem(ca.data, ca.len, &store, NULL));
    OK(mtls_policy_new(&policy));
    OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &client, NULL));
    OK(mtls_verifier_new(store, policy, &verifier));
    OK(mtls_store_builder_new(&builder));
    OK(mtls_store_builder_add_ca_pem(builder, ca.data, ca.len, NULL));
    OK(mtls_deny_list_new(&list));

    test_null(store, policy, client, verifier, builder, list);
    test_lengths(store, policy, verifier, chain);
    test_values(store, policy, builder, client);
    if (argc == 3)
        test_freed(ca);

    /* All that failed has changed nothing. */
    OK(mtls_client_free(client));
    OK(mtls_store_builder_build(builder, &built, NULL));
    OK(mtls_verify_client_chain(built, chain, 2, NOW, policy, &client, NULL));

    OK(mtls_client_free(client));
    OK(mtls_verifier_free(verifier));
    OK(mtls_store_builder_free(builder));
    OK(mtls_deny_list_free(list));
    OK(mtls_policy_free(policy));
    OK(mtls_store_free(built));
    OK(mtls_store_free(store));
    free_bytes(ca);
    free_bytes(chain[0]);
    free_bytes(chain[1]);
    return 0;
}
