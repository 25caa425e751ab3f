/* What must come to an error code: bad_input FOLDER [debug]. With "debug", the library was built with debug assertions. */
#include "check.h"

#define NOW INT64_C(1780272000) /* 2026-06-01T00:00:00Z */
#define AFTER INT64_C(1811808000) /* 2027-06-01T00:00:00Z, after the client's notAfter */

/* An address that is not NULL and must not be looked at. */
#define NOWHERE ((const uint8_t *)(uintptr_t)16)

static uint8_t room[64];

/* NULL in each place of each function, with everything else as it should be. */
static void test_null(mtls_store *store, mtls_policy *policy, mtls_client *client, mtls_verifier *verifier,
                      mtls_store_builder *builder, mtls_deny_list *list)
{
    mtls_store *new_store = NULL;
    mtls_client *new_client = NULL;
    mtls_policy *new_policy = NULL;
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
    NULL_IN(mtls_store_with_crls_pem(NULL, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, NULL, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, &bytes, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_pem(store, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, NULL, NULL));
    GIVES(MTLS_RESULT_STORE_EMPTY, mtls_store_with_crls_pem(store, &none, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(NULL, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, NULL, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, &bytes, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    NULL_IN(mtls_store_with_crls_der(store, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, NULL, NULL));
    GIVES(MTLS_RESULT_STORE_MALFORMED, mtls_store_with_crls_der(store, &none, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
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
    COUNT_OF(mtls_client_extension_to_process_count, client);
    NULL_IN(mtls_store_distinguished_name(NULL, 0, &bytes));
    NULL_IN(mtls_store_distinguished_name(store, 0, NULL));
    NULL_IN(mtls_store_crl(NULL, 0, &info));
    NULL_IN(mtls_store_crl(store, 0, NULL));
    NULL_IN(mtls_store_skipped(NULL, 0, &error));
    NULL_IN(mtls_store_skipped(store, 0, NULL));

    NULL_IN(mtls_store_builder_new(NULL));
    NULL_IN(mtls_store_builder_new_lenient(NULL));
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
    NULL_IN(mtls_policy_from_json((const uint8_t *)"{}", 2, NULL, NULL));
    NULL_IN(mtls_policy_from_json(NULL, 2, &new_policy, NULL));
    NULL_IN(mtls_policy_set_expiry(NULL, MTLS_ROLE_CLIENT, MTLS_EXPIRED_REJECT, 0));
    NULL_IN(mtls_policy_set_clock_skew(NULL, 0));
    NULL_IN(mtls_policy_set_revocation(NULL, MTLS_REVOCATION_SCOPE_OFF, MTLS_UNKNOWN_STATUS_DENY));
    NULL_IN(mtls_policy_set_stale_crls(NULL, MTLS_EXPIRED_REJECT, 0));
    NULL_IN(mtls_policy_set_pruned_entries(NULL, MTLS_PRUNED_ENTRIES_KEPT));
    NULL_IN(mtls_policy_set_purpose(NULL, MTLS_PURPOSE_IF_PRESENT, "1.2", 3));
    NULL_IN(mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, NULL, 3));
    NULL_IN(mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, NULL, 0));
    NULL_IN(mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_PREFIX, NULL, 0));
    NULL_IN(mtls_policy_add_acceptable_policy(policy, NULL, 0));
    NULL_IN(mtls_policy_set_client_key_usage(NULL, MTLS_CLIENT_KEY_USAGE_UNCHECKED));
    NULL_IN(mtls_policy_set_client_ca(NULL, MTLS_CLIENT_CA_REFUSE));
    NULL_IN(mtls_policy_set_path_length(NULL, 0));
    NULL_IN(mtls_policy_set_profile(NULL, MTLS_PROFILE_COMPATIBLE));
    NULL_IN(mtls_policy_set_signature_algorithms(NULL, MTLS_SIGNATURE_ALGORITHMS_DEFAULT));
    NULL_IN(mtls_store_builder_set_crl_signature_algorithms(NULL, MTLS_SIGNATURE_ALGORITHMS_DEFAULT));
    NULL_IN(mtls_policy_set_rsa_key_bits(NULL, 1, 2));
    NULL_IN(mtls_policy_set_limit(NULL, MTLS_LIMIT_PRESENTED, 1));
    NULL_IN(mtls_policy_set_memory(NULL, 0, 1));
    NULL_IN(mtls_policy_restrict_identities(NULL));
    NULL_IN(mtls_policy_add_identity(NULL, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_EXACT, "a", 1));
    NULL_IN(mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_EXACT, NULL, 1));
    NULL_IN(mtls_policy_restrict_acceptable_policies(NULL));
    NULL_IN(mtls_policy_add_acceptable_policy(NULL, "1.2", 3));
    NULL_IN(mtls_policy_add_acceptable_policy(policy, NULL, 3));
    NULL_IN(mtls_policy_set_certificate_policies(NULL, MTLS_EXPLICIT_POLICY_REQUIRED,
                                                 MTLS_POLICY_MAPPINGS_ALLOWED, MTLS_ANY_POLICY_ALLOWED));

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
    NULL_IN(mtls_verifier_replace(NULL, store, policy));
    NULL_IN(mtls_verifier_replace(verifier, NULL, policy));
    NULL_IN(mtls_verifier_replace(verifier, store, NULL));
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
    NULL_IN(mtls_client_name_count(NULL, MTLS_NAME_KIND_DNS, &count));
    NULL_IN(mtls_client_name_count(client, MTLS_NAME_KIND_DNS, NULL));
    NULL_IN(mtls_client_name(NULL, MTLS_NAME_KIND_DNS, 0, &text));
    NULL_IN(mtls_client_name(client, MTLS_NAME_KIND_DNS, 0, NULL));
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
    NULL_IN(mtls_client_extension_to_process_oid(NULL, 0, &text));
    NULL_IN(mtls_client_extension_to_process_oid(client, 0, NULL));
    NULL_IN(mtls_client_extension_to_process_value(NULL, 0, &bytes));
    NULL_IN(mtls_client_extension_to_process_value(client, 0, NULL));
    NULL_IN(mtls_client_extension_to_process_path_index(NULL, 0, &count));
    NULL_IN(mtls_client_extension_to_process_path_index(client, 0, NULL));

    /* Of no error, what is said of one about which nothing is known. */
    GIVES(MTLS_RESULT_NULL_POINTER, mtls_error_result(NULL));
    CHECK(is_text(mtls_error_code(NULL), "") && is_text(mtls_error_message(NULL), ""));
    CHECK(is_text(mtls_error_reason(NULL), ""));
    CHECK(is_text(mtls_reason_name(SIZE_MAX), ""));
    CHECK(is_text(mtls_error_subject(NULL), "") && mtls_error_alert(NULL) == 80);
    CHECK(mtls_error_position(NULL) == MTLS_POSITION_NONE && mtls_error_index(NULL) == 0);
    CHECK(mtls_error_input(NULL) == MTLS_INPUT_NONE);
    CHECK(mtls_error_number(NULL) == 0 && mtls_error_line(NULL) == 0);

    /* Nothing was given out. */
    CHECK(new_store == NULL && new_client == NULL && new_policy == NULL && new_verifier == NULL && error == NULL);
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
    mtls_policy *new_policy = NULL;
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
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, chain, SIZE_MAX, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, chain, SIZE_MAX / 8, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_store_with_crls_der(store, &endless, 1, MTLS_ON_BAD_INPUT_FAIL, &new_store, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_policy_from_json(NOWHERE, SIZE_MAX, &new_policy, NULL));
    GIVES(MTLS_RESULT_TOO_LONG, mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_EXACT, "a", SIZE_MAX));
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
    static const char stray[] = "MIIBszCCAVmgAwIBAgIBATAKBggqhkjOPQQDAgIA\n";
    uint32_t bad[] = { 0, 1, 2, 99, 1000, UINT32_MAX };
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
#define REFUSES(call) GIVES(MTLS_RESULT_INVALID_VALUE, call)
        REFUSES(mtls_policy_set_expiry(policy, bad[i], MTLS_EXPIRED_REJECT, 0));
        REFUSES(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, bad[i], 0));
        REFUSES(mtls_policy_set_revocation(policy, bad[i], MTLS_UNKNOWN_STATUS_DENY));
        REFUSES(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_OFF, bad[i]));
        REFUSES(mtls_policy_set_stale_crls(policy, bad[i], 0));
        REFUSES(mtls_policy_set_pruned_entries(policy, bad[i]));
        REFUSES(mtls_policy_set_purpose(policy, bad[i], "1.2.3", 5));
        REFUSES(mtls_policy_set_client_key_usage(policy, bad[i]));
        REFUSES(mtls_policy_set_client_ca(policy, bad[i]));
        REFUSES(mtls_policy_set_profile(policy, bad[i]));
        REFUSES(mtls_policy_set_signature_algorithms(policy, bad[i]));
        REFUSES(mtls_store_builder_set_crl_signature_algorithms(builder, bad[i]));
        REFUSES(mtls_policy_set_limit(policy, bad[i], 1));
        REFUSES(mtls_policy_add_identity(policy, bad[i], MTLS_TEXT_MATCH_EXACT, "a", 1));
        REFUSES(mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, bad[i], "a", 1));
        REFUSES(mtls_policy_set_certificate_policies(policy, bad[i], MTLS_POLICY_MAPPINGS_ALLOWED,
                                                     MTLS_ANY_POLICY_ALLOWED));
        REFUSES(mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED, bad[i],
                                                     MTLS_ANY_POLICY_ALLOWED));
        REFUSES(mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED,
                                                     MTLS_POLICY_MAPPINGS_ALLOWED, bad[i]));
        REFUSES(mtls_store_with_crls_pem(store, NULL, 0, bad[i], &new_store, NULL));
        REFUSES(mtls_client_name(client, bad[i], 0, &text));
        REFUSES(mtls_client_name_count(client, bad[i], &count));
    }
    GIVES(MTLS_RESULT_STORE_STRAY_BASE64, mtls_store_from_pem((const uint8_t *)stray, sizeof stray - 1, &new_store, NULL));
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
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_EXACT, "caf\xe9", 4));
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, "\xff", 1));
    GIVES(MTLS_RESULT_INVALID_UTF8, mtls_policy_add_acceptable_policy(policy, "1.2\xc0\x80", 5));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "1.40.3", 6));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "1.2.03", 6));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, "clientAuth", 10));
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, "1.2.3", 6)); /* its NUL counted in */
    GIVES(MTLS_RESULT_INVALID_OID, mtls_policy_add_acceptable_policy(policy, "", 0));
    CHECK(new_store == NULL);
}

/* Choices, by the enum of each. */
enum choice {
    ROLE, EXPIRED, SCOPE, UNKNOWN_STATUS, PRUNED, PURPOSE, KEY_USAGE, CLIENT_CA, PROFILE, EXPLICIT, MAPPINGS, ANY_POLICY,
    LIMIT, NAME_KIND, TEXT_MATCH, ON_BAD_INPUT, ALGORITHMS
};

static const struct {
    enum choice of;
    uint32_t number;
} choices[] = {
    { ROLE, MTLS_ROLE_CLIENT }, { ROLE, MTLS_ROLE_ISSUERS }, { ROLE, MTLS_ROLE_ANCHORS },
    { EXPIRED, MTLS_EXPIRED_REJECT }, { EXPIRED, MTLS_EXPIRED_ACCEPT_FOR }, { EXPIRED, MTLS_EXPIRED_ACCEPT },
    { SCOPE, MTLS_REVOCATION_SCOPE_OFF }, { SCOPE, MTLS_REVOCATION_SCOPE_CLIENT_ONLY },
    { SCOPE, MTLS_REVOCATION_SCOPE_WHOLE_PATH }, { SCOPE, MTLS_REVOCATION_SCOPE_AUTO },
    { UNKNOWN_STATUS, MTLS_UNKNOWN_STATUS_DENY }, { UNKNOWN_STATUS, MTLS_UNKNOWN_STATUS_ALLOW },
    { UNKNOWN_STATUS, MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED },
    { PRUNED, MTLS_PRUNED_ENTRIES_MAY_BE }, { PRUNED, MTLS_PRUNED_ENTRIES_KEPT },
    { PURPOSE, MTLS_PURPOSE_IF_PRESENT }, { PURPOSE, MTLS_PURPOSE_REQUIRED }, { PURPOSE, MTLS_PURPOSE_UNCHECKED },
    { KEY_USAGE, MTLS_CLIENT_KEY_USAGE_DIGITAL_SIGNATURE }, { KEY_USAGE, MTLS_CLIENT_KEY_USAGE_UNCHECKED },
    { CLIENT_CA, MTLS_CLIENT_CA_REFUSE }, { CLIENT_CA, MTLS_CLIENT_CA_ACCEPT },
    { PROFILE, MTLS_PROFILE_COMPATIBLE }, { PROFILE, MTLS_PROFILE_RFC5280 },
    { EXPLICIT, MTLS_EXPLICIT_POLICY_NOT_REQUIRED }, { EXPLICIT, MTLS_EXPLICIT_POLICY_REQUIRED },
    { MAPPINGS, MTLS_POLICY_MAPPINGS_ALLOWED }, { MAPPINGS, MTLS_POLICY_MAPPINGS_INHIBITED },
    { ANY_POLICY, MTLS_ANY_POLICY_ALLOWED }, { ANY_POLICY, MTLS_ANY_POLICY_INHIBITED },
    { LIMIT, MTLS_LIMIT_PRESENTED }, { LIMIT, MTLS_LIMIT_CERTIFICATE_BYTES }, { LIMIT, MTLS_LIMIT_INTERMEDIATES },
    { LIMIT, MTLS_LIMIT_SIGNATURES }, { LIMIT, MTLS_LIMIT_WORK },
    { NAME_KIND, MTLS_NAME_KIND_DNS }, { NAME_KIND, MTLS_NAME_KIND_EMAIL }, { NAME_KIND, MTLS_NAME_KIND_URI },
    { NAME_KIND, MTLS_NAME_KIND_IP }, { NAME_KIND, MTLS_NAME_KIND_COMMON_NAME },
    { NAME_KIND, MTLS_NAME_KIND_ORGANIZATIONAL_UNIT }, { NAME_KIND, MTLS_NAME_KIND_SPIFFE_ID },
    { TEXT_MATCH, MTLS_TEXT_MATCH_EXACT }, { TEXT_MATCH, MTLS_TEXT_MATCH_PREFIX },
    { TEXT_MATCH, MTLS_TEXT_MATCH_SUFFIX }, { TEXT_MATCH, MTLS_TEXT_MATCH_BELOW },
    { ON_BAD_INPUT, MTLS_ON_BAD_INPUT_FAIL }, { ON_BAD_INPUT, MTLS_ON_BAD_INPUT_SKIP },
    { ALGORITHMS, MTLS_SIGNATURE_ALGORITHMS_AWS_LC_RS }, { ALGORITHMS, MTLS_SIGNATURE_ALGORITHMS_DEFAULT },
};

/* A choice in the place of another: neighbouring arguments swapped, and every choice where one of another enum belongs. */
static void test_swaps(mtls_store *store, mtls_policy *policy, mtls_store_builder *builder, mtls_client *client)
{
    mtls_store *new_store = NULL;
    mtls_str text;
    size_t count, i;

    REFUSES(mtls_policy_set_revocation(policy, MTLS_UNKNOWN_STATUS_DENY, MTLS_REVOCATION_SCOPE_WHOLE_PATH));
    REFUSES(mtls_policy_set_revocation(policy, MTLS_UNKNOWN_STATUS_ALLOW, MTLS_REVOCATION_SCOPE_CLIENT_ONLY));
    REFUSES(mtls_policy_set_revocation(policy, MTLS_UNKNOWN_STATUS_DENY, MTLS_REVOCATION_SCOPE_OFF));
    REFUSES(mtls_policy_set_expiry(policy, MTLS_EXPIRED_ACCEPT, MTLS_ROLE_CLIENT, 0));
    REFUSES(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, 86400, MTLS_EXPIRED_ACCEPT_FOR));
    REFUSES(mtls_policy_set_stale_crls(policy, 86400, MTLS_EXPIRED_ACCEPT_FOR));
    REFUSES(mtls_policy_set_limit(policy, 16, MTLS_LIMIT_PRESENTED));
    REFUSES(mtls_policy_set_rsa_key_bits(policy, 8192, 2048));
    REFUSES(mtls_policy_add_identity(policy, MTLS_TEXT_MATCH_EXACT, MTLS_NAME_KIND_DNS, "a", 1));
    REFUSES(mtls_policy_set_certificate_policies(policy, MTLS_POLICY_MAPPINGS_ALLOWED, MTLS_EXPLICIT_POLICY_REQUIRED,
                                                 MTLS_ANY_POLICY_ALLOWED));
    REFUSES(mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED, MTLS_ANY_POLICY_ALLOWED,
                                                 MTLS_POLICY_MAPPINGS_INHIBITED));
    REFUSES(mtls_store_with_crls_pem(store, NULL, MTLS_ON_BAD_INPUT_FAIL, 0, &new_store, NULL));
    REFUSES(mtls_store_with_crls_der(store, NULL, MTLS_ON_BAD_INPUT_SKIP, 1, &new_store, NULL));
    REFUSES(mtls_client_name(client, 0, MTLS_NAME_KIND_DNS, &text));
    REFUSES(mtls_policy_set_clock_skew(policy, 86401));
    REFUSES(mtls_policy_set_clock_skew(policy, UINT64_MAX));

    for (i = 0; i < sizeof choices / sizeof *choices; i++) {
        enum choice of = choices[i].of;
        uint32_t number = choices[i].number;
#define WRONG(expected, call)                       \
    do {                                            \
        if (of != (expected))                       \
            REFUSES(call);                          \
    } while (0)
        WRONG(ROLE, mtls_policy_set_expiry(policy, number, MTLS_EXPIRED_ACCEPT, 0));
        WRONG(EXPIRED, mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, number, 0));
        WRONG(SCOPE, mtls_policy_set_revocation(policy, number, MTLS_UNKNOWN_STATUS_ALLOW));
        WRONG(UNKNOWN_STATUS, mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, number));
        WRONG(EXPIRED, mtls_policy_set_stale_crls(policy, number, 0));
        WRONG(PRUNED, mtls_policy_set_pruned_entries(policy, number));
        WRONG(PURPOSE, mtls_policy_set_purpose(policy, number, "1.2.3", 5));
        WRONG(KEY_USAGE, mtls_policy_set_client_key_usage(policy, number));
        WRONG(CLIENT_CA, mtls_policy_set_client_ca(policy, number));
        WRONG(PROFILE, mtls_policy_set_profile(policy, number));
        WRONG(ALGORITHMS, mtls_policy_set_signature_algorithms(policy, number));
        WRONG(ALGORITHMS, mtls_store_builder_set_crl_signature_algorithms(builder, number));
        WRONG(LIMIT, mtls_policy_set_limit(policy, number, 0));
        WRONG(NAME_KIND, mtls_policy_add_identity(policy, number, MTLS_TEXT_MATCH_EXACT, "a", 1));
        WRONG(TEXT_MATCH, mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, number, "a", 1));
        WRONG(EXPLICIT, mtls_policy_set_certificate_policies(policy, number, MTLS_POLICY_MAPPINGS_INHIBITED,
                                                             MTLS_ANY_POLICY_INHIBITED));
        WRONG(MAPPINGS, mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED, number,
                                                             MTLS_ANY_POLICY_INHIBITED));
        WRONG(ANY_POLICY, mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED,
                                                               MTLS_POLICY_MAPPINGS_INHIBITED, number));
        WRONG(ON_BAD_INPUT, mtls_store_with_crls_pem(store, NULL, 0, number, &new_store, NULL));
        WRONG(NAME_KIND, mtls_client_name(client, number, 0, &text));
        WRONG(NAME_KIND, mtls_client_name_count(client, number, &count));
    }
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
    test_swaps(store, policy, builder, client);
    if (argc == 3)
        test_freed(ca);

    /* All that failed has changed nothing. */
    OK(mtls_client_free(client));
    OK(mtls_store_builder_build(builder, &built, NULL));
    OK(mtls_verify_client_chain(built, chain, 2, NOW, policy, &client, NULL));
    OK(mtls_client_free(client));
    client = NULL;
    GIVES(MTLS_RESULT_EXPIRED, mtls_verify_client_chain(built, chain, 2, AFTER, policy, &client, NULL));
    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, MTLS_UNKNOWN_STATUS_DENY));
    REFUSES(mtls_policy_set_revocation(policy, MTLS_UNKNOWN_STATUS_DENY, MTLS_REVOCATION_SCOPE_WHOLE_PATH));
    GIVES(MTLS_RESULT_REVOCATION_UNKNOWN, mtls_verify_client_chain(built, chain, 2, NOW, policy, &client, NULL));
    CHECK(client == NULL);

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
