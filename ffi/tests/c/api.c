/* Every function, used as it is meant to be: api FOLDER, with the files that tests/fixtures makes. */
#include "check.h"

#define NOW INT64_C(1780272000)    /* 2026-06-01T00:00:00Z */
#define AFTER INT64_C(1811808000)  /* 2027-06-01T00:00:00Z */
#define CLIENT_ENDS INT64_C(1798761600) /* 2027-01-01T00:00:00Z */

static const char *folder;
static mtls_bytes chain[2];

static mtls_policy *new_policy(void)
{
    mtls_policy *policy = NULL;
    OK(mtls_policy_new(&policy));
    CHECK(policy != NULL);
    return policy;
}

/* What a policy says of the client with the names, at a time. */
static mtls_result verdict(const mtls_store *store, const mtls_policy *policy, int64_t time)
{
    mtls_client *client = NULL;
    mtls_result result = mtls_verify_client_chain(store, chain, 2, time, policy, &client, NULL);
    CHECK((result == MTLS_RESULT_OK) == (client != NULL));
    OK(mtls_client_free(client));
    return result;
}

static void test_client(const mtls_client *client)
{
    mtls_str text;
    mtls_bytes bytes;
    size_t count = 0, i;
    uint8_t sha256[32];
    int64_t time = 0;
    mtls_expiry_status expiry;
    mtls_trusted_by trusted_by;
    mtls_revocation_status revocation;

    OK(mtls_client_subject(client, &text));
    CHECK(is_text(text, "CN=alice,OU=Night,OU=Operations,O=Example"));
    OK(mtls_client_issuer(client, &text));
    CHECK(is_text(text, "CN=Issuing CA"));
    OK(mtls_client_subject_der(client, &bytes));
    CHECK(bytes.len > 2 && bytes.data[0] == 0x30);
    OK(mtls_client_issuer_der(client, &bytes));
    CHECK(bytes.len > 2 && bytes.data[0] == 0x30);
    OK(mtls_client_common_name(client, &text));
    CHECK(is_text(text, "alice"));
    OK(mtls_client_spiffe_id(client, &text));
    CHECK(is_text(text, "spiffe://example.org/alice"));
    OK(mtls_client_user_principal_name(client, &text));
    CHECK(is_text(text, "alice@corp.example"));

    OK(mtls_client_name_count(client, MTLS_NAME_KIND_DNS, &count));
    CHECK(count == 2);
    OK(mtls_client_name(client, MTLS_NAME_KIND_DNS, 0, &text));
    CHECK(is_text(text, "alice.example"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_DNS, 1, &text));
    CHECK(is_text(text, "a.example"));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_name(client, MTLS_NAME_KIND_DNS, 2, &text));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_name(client, MTLS_NAME_KIND_DNS, SIZE_MAX, &text));
    CHECK(is_text(text, "a.example"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_EMAIL, 0, &text));
    CHECK(is_text(text, "alice@example.org"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_URI, 0, &text));
    CHECK(is_text(text, "spiffe://example.org/alice"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_IP, 0, &text));
    CHECK(is_text(text, "192.0.2.7"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_IP, 1, &text));
    CHECK(is_text(text, "2001:db8::7"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_COMMON_NAME, 0, &text));
    CHECK(is_text(text, "alice"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_ORGANIZATIONAL_UNIT, 1, &text));
    CHECK(is_text(text, "Night"));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_client_name(client, 6, 0, &text));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_client_name_count(client, 6, &count));

    OK(mtls_client_serial(client, &text));
    CHECK(is_text(text, "03A5B1"));
    OK(mtls_client_serial_bytes(client, &bytes));
    CHECK(bytes.len == 3 && memcmp(bytes.data, "\x03\xa5\xb1", 3) == 0);
    OK(mtls_client_fingerprint_sha256(client, sha256, sizeof sha256));
    {
        mtls_bytes expected = read_file(folder, "client.sha256");
        CHECK(expected.len == 32 && memcmp(expected.data, sha256, 32) == 0);
        free_bytes(expected);
    }
    OK(mtls_client_not_before(client, &time));
    CHECK(time == INT64_C(1767225600));
    OK(mtls_client_not_after(client, &time));
    CHECK(time == CLIENT_ENDS);
    OK(mtls_client_valid_until(client, &time));
    CHECK(time == CLIENT_ENDS);
    OK(mtls_client_expiry(client, &expiry));
    CHECK(expiry == MTLS_EXPIRY_STATUS_CURRENT);
    OK(mtls_client_trusted_by(client, &trusted_by));
    CHECK(trusted_by == MTLS_TRUSTED_BY_ANCHOR);

    OK(mtls_client_path_count(client, &count));
    CHECK(count == 3);
    for (i = 0; i < 2; i++) {
        OK(mtls_client_path_certificate(client, i, &bytes));
        CHECK(bytes.len == chain[i].len && memcmp(bytes.data, chain[i].data, bytes.len) == 0);
    }
    OK(mtls_client_path_subject(client, 2, &text));
    CHECK(is_text(text, "CN=Root"));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_path_subject(client, 3, &text));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_path_certificate(client, 3, &bytes));
    OK(mtls_client_revocation(client, 0, &revocation));
    CHECK(revocation == MTLS_REVOCATION_STATUS_NOT_CHECKED);
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_revocation(client, 3, &revocation));
    GIVES(MTLS_RESULT_ABSENT, mtls_client_stale_since(client, 0, &time));
    OK(mtls_client_policy_count(client, &count));
    CHECK(count == 1);
    OK(mtls_client_policy(client, 0, &text));
    CHECK(is_text(text, "1.3.6.1.4.1.99999.1"));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_policy(client, 1, &text));
}

static void test_store(const mtls_store *store)
{
    mtls_bytes lists[2], name;
    mtls_store *renewed = NULL, *emptied = NULL;
    mtls_error *error = NULL;
    mtls_crl_info info;
    size_t count = 99;

    OK(mtls_store_anchor_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_intermediate_count(store, &count));
    CHECK(count == 0);
    OK(mtls_store_pinned_client_count(store, &count));
    CHECK(count == 0);
    OK(mtls_store_skipped_count(store, &count));
    CHECK(count == 0);
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_store_skipped(store, 0, &error));
    OK(mtls_store_distinguished_name_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_distinguished_name(store, 0, &name));
    CHECK(name.len > 2 && name.data[0] == 0x30);
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_store_distinguished_name(store, 1, &name));
    OK(mtls_store_crl_count(store, &count));
    CHECK(count == 0);
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_store_crl(store, 0, &info));

    lists[0] = read_file(folder, "root.crl");
    lists[1] = read_file(folder, "issuing.crl");
    OK(mtls_store_with_crls_der(store, lists, 2, MTLS_ON_BAD_INPUT_FAIL, &renewed, &error));
    OK(mtls_store_crl_count(renewed, &count));
    CHECK(count == 2);
    OK(mtls_store_crl(renewed, 1, &info));
    CHECK(is_text(info.issuer, "CN=Issuing CA") || is_text(info.issuer, "CN=Root"));
    CHECK(info.issuer_der.len > 2 && info.this_update < info.next_update && !info.is_delta);
    CHECK(info.entries == 1 || info.is_signed_by_store);

    OK(mtls_store_with_crls_der(renewed, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, &emptied, &error));
    OK(mtls_store_crl_count(emptied, &count));
    CHECK(count == 0);
    OK(mtls_store_free(emptied));

    /* A list that is none: an error, or left out. */
    lists[1].len -= 1;
    GIVES(MTLS_RESULT_STORE_MALFORMED,
          mtls_store_with_crls_der(store, lists, 2, MTLS_ON_BAD_INPUT_FAIL, &emptied, &error));
    CHECK(mtls_error_input(error) == MTLS_INPUT_CRL);
    OK(mtls_error_free(error));
    OK(mtls_store_free(renewed));
    OK(mtls_store_with_crls_der(store, lists, 2, MTLS_ON_BAD_INPUT_SKIP, &renewed, &error));
    OK(mtls_store_skipped_count(renewed, &count));
    CHECK(count == 1);
    OK(mtls_store_free(renewed));
    free_bytes(lists[0]);
    free_bytes(lists[1]);

    lists[0] = read_file(folder, "crls.pem");
    OK(mtls_store_with_crls_pem(store, lists, 1, MTLS_ON_BAD_INPUT_FAIL, &renewed, NULL));
    OK(mtls_store_crl_count(renewed, &count));
    CHECK(count == 2);
    OK(mtls_store_free(renewed));
    free_bytes(lists[0]);
}

static void test_builder(const mtls_policy *policy)
{
    mtls_store_builder *builder = NULL;
    mtls_store *store = NULL, *same = NULL;
    mtls_error *error = NULL;
    mtls_deny_list *denied = NULL;
    mtls_client *client = NULL;
    mtls_trusted_by trusted_by;
    size_t count = 0;
    mtls_bytes root = read_file(folder, "root.der"), issuing = read_file(folder, "issuing.der"),
               issuing_pem = read_file(folder, "issuing.pem"), pin = read_file(folder, "pin.der"),
               pin_pem = read_file(folder, "pin.pem"), crl = read_file(folder, "root.crl"),
               crls = read_file(folder, "crls.pem"), bad = read_file(folder, "bad.pem"),
               ca = read_file(folder, "ca.pem");
    uint8_t other[32] = { 7 };

    OK(mtls_deny_list_new(&denied));
    OK(mtls_deny_list_add_certificate_sha256(denied, other, 32));
    OK(mtls_deny_list_add_key_sha256(denied, other, 32));

    OK(mtls_store_builder_new(&builder));
    OK(mtls_store_builder_add_ca_pem(builder, ca.data, ca.len, &error));
    OK(mtls_store_builder_add_ca_der(builder, root.data, root.len, &error));
    OK(mtls_store_builder_add_intermediates_pem(builder, issuing_pem.data, issuing_pem.len, &error));
    OK(mtls_store_builder_add_intermediate_der(builder, issuing.data, issuing.len, &error));
    OK(mtls_store_builder_pin_clients_pem(builder, pin_pem.data, pin_pem.len, &error));
    OK(mtls_store_builder_pin_client_der(builder, pin.data, pin.len, &error));
    OK(mtls_store_builder_add_crl_pem(builder, crls.data, crls.len, &error));
    OK(mtls_store_builder_add_crl_der(builder, crl.data, crl.len, &error));
    OK(mtls_store_builder_deny(builder, denied));
    OK(mtls_store_builder_set_on_bad_input(builder, MTLS_ON_BAD_INPUT_SKIP));
    OK(mtls_store_builder_add_ca_pem(builder, bad.data, bad.len, &error));
    OK(mtls_store_builder_build(builder, &store, &error));
    CHECK(error == NULL);
    GIVES(MTLS_RESULT_BUILDER_SPENT, mtls_store_builder_build(builder, &store, NULL));
    OK(mtls_store_builder_free(builder));

    OK(mtls_store_anchor_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_intermediate_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_pinned_client_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_skipped_count(store, &count));
    CHECK(count == 1);
    OK(mtls_store_skipped(store, 0, &error));
    CHECK(mtls_error_input(error) == MTLS_INPUT_CA && mtls_error_line(error) == 2);
    CHECK(mtls_error_block(error) == 1);
    CHECK(is_text(mtls_error_code(error), "UnmappedConnectionError"));
    CHECK(mtls_error_alert(error) == 80);
    OK(mtls_error_free(error));
    error = NULL;

    /* The pinned client is accepted without a path; the intermediate stands in for the one not presented. */
    OK(mtls_verify_client_chain(store, &pin, 1, NOW, policy, &client, &error));
    OK(mtls_client_trusted_by(client, &trusted_by));
    CHECK(trusted_by == MTLS_TRUSTED_BY_PIN);
    OK(mtls_client_free(client));
    OK(mtls_verify_client_chain(store, chain, 1, NOW, policy, &client, &error));

    /* Then it is denied, by serial number. */
    {
        mtls_bytes issuer, serial;
        OK(mtls_client_issuer_der(client, &issuer));
        OK(mtls_client_serial_bytes(client, &serial));
        OK(mtls_deny_list_add_serial(denied, issuer.data, issuer.len, serial.data, serial.len, &error));
        GIVES(MTLS_RESULT_INVALID_NAME,
              mtls_deny_list_add_serial(denied, serial.data, serial.len, serial.data, serial.len, &error));
        CHECK(mtls_error_result(error) == MTLS_RESULT_INVALID_NAME);
        OK(mtls_error_free(error));
        error = NULL;
    }
    OK(mtls_client_free(client));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_store_with_deny_list(store, denied, &same));
    CHECK(verdict(same, policy, NOW) == MTLS_RESULT_DENIED);
    OK(mtls_store_free(same));
    OK(mtls_store_free(store));
    OK(mtls_deny_list_free(denied));

    /* A strict builder that failed builds nothing. */
    OK(mtls_store_builder_new(&builder));
    OK(mtls_store_builder_add_ca_pem(builder, ca.data, ca.len, &error));
    GIVES(MTLS_RESULT_STORE_BASE64,
          mtls_store_builder_add_ca_pem(builder, bad.data, bad.len, &error));
    CHECK(strstr(mtls_error_message(error).data, "line 2") != NULL);
    OK(mtls_error_free(error));
    store = NULL;
    GIVES(MTLS_RESULT_BUILDER_SPENT, mtls_store_builder_build(builder, &store, &error));
    CHECK(store == NULL);
    OK(mtls_error_free(error));
    OK(mtls_store_builder_free(builder));

    free_bytes(root), free_bytes(issuing), free_bytes(issuing_pem), free_bytes(pin), free_bytes(pin_pem);
    free_bytes(crl), free_bytes(crls), free_bytes(bad), free_bytes(ca);
}

static void test_policy(const mtls_store *store)
{
    mtls_policy *policy = new_policy();
    CHECK(verdict(store, policy, AFTER) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, MTLS_EXPIRED_ACCEPT_FOR, 60));
    CHECK(verdict(store, policy, CLIENT_ENDS + 60) == MTLS_RESULT_OK);
    CHECK(verdict(store, policy, CLIENT_ENDS + 61) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_set_clock_skew(policy, 5));
    CHECK(verdict(store, policy, CLIENT_ENDS + 65) == MTLS_RESULT_OK);
    CHECK(verdict(store, policy, CLIENT_ENDS + 66) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, MTLS_EXPIRED_ACCEPT, 0));
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_ISSUERS, MTLS_EXPIRED_ACCEPT, 0));
    CHECK(verdict(store, policy, INT64_C(2240000000)) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_ANCHORS, MTLS_EXPIRED_ACCEPT, 0));
    CHECK(verdict(store, policy, INT64_C(2240000000)) == MTLS_RESULT_OK);
    CHECK(verdict(store, policy, INT64_MAX) == MTLS_RESULT_OK);
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, MTLS_EXPIRED_REJECT, 0));
    CHECK(verdict(store, policy, AFTER) == MTLS_RESULT_EXPIRED);
    CHECK(verdict(store, policy, 0) == MTLS_RESULT_NOT_YET_VALID);
    OK(mtls_policy_free(policy));

    policy = new_policy();
    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, MTLS_UNKNOWN_STATUS_DENY));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_REVOCATION_UNKNOWN);
    OK(mtls_policy_set_stale_crls(policy, MTLS_EXPIRED_ACCEPT, 0));
    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_CLIENT_ONLY, MTLS_UNKNOWN_STATUS_ALLOW));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_REQUIRED, "1.3.6.1.5.5.7.3.1", 17));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_PURPOSE);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, "1.3.6.1.5.5.7.3.2", 17));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_UNCHECKED, NULL, 0));
    OK(mtls_policy_set_client_key_usage(policy, MTLS_CLIENT_KEY_USAGE_UNCHECKED));
    OK(mtls_policy_set_client_ca(policy, MTLS_CLIENT_CA_ACCEPT));
    OK(mtls_policy_set_profile(policy, MTLS_PROFILE_RFC5280));
    OK(mtls_policy_set_rsa_key_bits(policy, 3072, 4096));
    OK(mtls_policy_set_memory(policy, 0, 0));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_client_ca(policy, MTLS_CLIENT_CA_REFUSE));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_PRESENTED, 1));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_TOO_MANY_PRESENTED);
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_PRESENTED, 2));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_CERTIFICATE_BYTES, 100));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_CERTIFICATE_TOO_LARGE);
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_CERTIFICATE_BYTES, UINT32_MAX));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_INTERMEDIATES, 0));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_PATH_TOO_LONG);
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_INTERMEDIATES, 1));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_SIGNATURES, 1));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_SIGNATURE_LIMIT);
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_SIGNATURES, 2));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_NAME_COMPARISONS, 0));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_POLICIES, 10));
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_STEPS, 1));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_STEP_LIMIT);
    OK(mtls_policy_free(policy));

    policy = new_policy();
    OK(mtls_policy_restrict_identities(policy));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_IDENTITY_NOT_ACCEPTED);
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_DNS, MTLS_TEXT_MATCH_SUFFIX, ".invalid", 8));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_EMAIL, MTLS_TEXT_MATCH_EXACT, "x@y", 3));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_URI, MTLS_TEXT_MATCH_PREFIX, "urn:", 4));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_COMMON_NAME, MTLS_TEXT_MATCH_EXACT, "bob", 3));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_ORGANIZATIONAL_UNIT, MTLS_TEXT_MATCH_EXACT, "Day", 3));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_IDENTITY_NOT_ACCEPTED);
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_IP, MTLS_TEXT_MATCH_EXACT, "2001:DB8::7", 11));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_free(policy));

    policy = new_policy();
    OK(mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED, MTLS_ALLOWED_INHIBITED,
                                            MTLS_ALLOWED_ALLOWED));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_restrict_acceptable_policies(policy));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_POLICY_NOT_ACCEPTABLE);
    OK(mtls_policy_add_acceptable_policy(policy, "1.2.3", 5));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_POLICY_NOT_ACCEPTABLE);
    OK(mtls_policy_add_acceptable_policy(policy, "1.3.6.1.4.1.99999.1", 19));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_free(policy));
}

static void test_refusals(const mtls_store *store, const mtls_policy *policy)
{
    mtls_client *client = NULL;
    mtls_error *error = NULL;
    mtls_bytes broken[2];

    GIVES(MTLS_RESULT_EXPIRED, mtls_verify_client_chain(store, chain, 2, AFTER, policy, &client, &error));
    CHECK(client == NULL);
    CHECK(mtls_error_result(error) == MTLS_RESULT_EXPIRED);
    CHECK(is_text(mtls_error_code(error), "ClientCertExpired"));
    CHECK(mtls_error_alert(error) == 45);
    CHECK(mtls_error_position(error) == MTLS_POSITION_CLIENT);
    CHECK(mtls_error_index(error) == 0);
    CHECK(is_text(mtls_error_subject(error), "CN=alice,OU=Night,OU=Operations,O=Example"));
    CHECK(strstr(mtls_error_message(error).data, "expired 151 days ago") != NULL);
    CHECK(mtls_error_message(error).len == strlen(mtls_error_message(error).data));
    CHECK(mtls_error_input(error) == MTLS_INPUT_NONE);
    CHECK(mtls_error_block(error) == 0 && mtls_error_line(error) == 0);
    OK(mtls_error_free(error));

    error = NULL;
    GIVES(MTLS_RESULT_EMPTY_CHAIN, mtls_verify_client_chain(store, NULL, 0, NOW, policy, &client, &error));
    CHECK(mtls_error_alert(error) == 116 && mtls_error_position(error) == MTLS_POSITION_NONE);
    OK(mtls_error_free(error));

    /* An expired issuing CA is presented certificate 1. */
    broken[0] = chain[0];
    broken[1] = read_file(folder, "issuing-expired.der");
    GIVES(MTLS_RESULT_EXPIRED, mtls_verify_client_chain(store, broken, 2, NOW, policy, &client, &error));
    CHECK(mtls_error_position(error) == MTLS_POSITION_PRESENTED && mtls_error_index(error) == 1);
    OK(mtls_error_free(error));
    free_bytes(broken[1]);

    broken[0].len -= 1;
    GIVES(MTLS_RESULT_MALFORMED, mtls_verify_client_chain(store, broken, 1, NOW, policy, &client, &error));
    CHECK(is_text(mtls_error_subject(error), ""));
    OK(mtls_error_free(error));
    CHECK(client == NULL);
}

/* The certificate is one for "admin", a NUL, and more: C code that looks for the NUL must not see "admin". */
static void test_nul(const mtls_store *store, const mtls_policy *policy)
{
    mtls_client *client = NULL;
    mtls_str text = { "unchanged", 9 };
    size_t count = 0;
    mtls_bytes nul[2];

    nul[0] = read_file(folder, "nul.der");
    nul[1] = chain[1];
    OK(mtls_verify_client_chain(store, nul, 2, NOW, policy, &client, NULL));
    OK(mtls_client_name_count(client, MTLS_NAME_KIND_DNS, &count));
    CHECK(count == 1); /* the other is no DNS name at all */
    GIVES(MTLS_RESULT_TEXT_HAS_NUL, mtls_client_common_name(client, &text));
    GIVES(MTLS_RESULT_TEXT_HAS_NUL, mtls_client_name(client, MTLS_NAME_KIND_COMMON_NAME, 0, &text));
    GIVES(MTLS_RESULT_TEXT_HAS_NUL, mtls_client_name(client, MTLS_NAME_KIND_ORGANIZATIONAL_UNIT, 0, &text));
    GIVES(MTLS_RESULT_TEXT_HAS_NUL, mtls_client_user_principal_name(client, &text));
    CHECK(is_text(text, "unchanged"));
    OK(mtls_client_name(client, MTLS_NAME_KIND_DNS, 0, &text));
    CHECK(is_text(text, "good.example"));
    OK(mtls_client_subject(client, &text));
    CHECK(strcmp(text.data, "CN=admin") != 0 && strlen(text.data) == text.len);
    GIVES(MTLS_RESULT_ABSENT, mtls_client_spiffe_id(client, &text));
    OK(mtls_client_free(client));
    free_bytes(nul[0]);
}

static void test_verifier(const mtls_store *store)
{
    mtls_policy *policy = new_policy();
    mtls_verifier *verifier = NULL;
    mtls_client *client = NULL, *again = NULL;
    mtls_error *error = NULL;
    mtls_store *with_lists = NULL, *now = NULL;
    mtls_revocation_status status;
    mtls_bytes crls = read_file(folder, "crls.pem"), revoked[2], path;
    int64_t since = 0;
    size_t count = 0;

    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, MTLS_UNKNOWN_STATUS_ALLOW));
    OK(mtls_policy_set_stale_crls(policy, MTLS_EXPIRED_ACCEPT_FOR, 3600));
    OK(mtls_verifier_new(store, policy, &verifier));
    OK(mtls_policy_free(policy));
    OK(mtls_verifier_verify(verifier, chain, 2, NOW, &client, &error));
    OK(mtls_verifier_verify(verifier, chain, 2, NOW, &again, &error));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_UNKNOWN);
    OK(mtls_client_free(client));

    OK(mtls_store_with_crls_pem(store, &crls, 1, MTLS_ON_BAD_INPUT_FAIL, &with_lists, &error));
    OK(mtls_verifier_replace_store(verifier, with_lists));
    OK(mtls_store_free(with_lists));
    OK(mtls_verifier_store(verifier, &now));
    OK(mtls_store_crl_count(now, &count));
    CHECK(count == 2);
    OK(mtls_store_free(now));

    revoked[0] = read_file(folder, "revoked.der");
    revoked[1] = chain[1];
    GIVES(MTLS_RESULT_REVOKED, mtls_verifier_verify(verifier, revoked, 2, NOW, &client, &error));
    CHECK(is_text(mtls_error_code(error), "ClientCertCrlHit") && mtls_error_alert(error) == 44);
    OK(mtls_error_free(error));
    free_bytes(revoked[0]);

    OK(mtls_verifier_verify(verifier, chain, 2, NOW, &client, NULL));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_GOOD);
    OK(mtls_client_revocation(client, 2, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_NOT_CHECKED);
    OK(mtls_client_free(client));
    /* The lists are good to the end of June. */
    OK(mtls_verifier_verify(verifier, chain, 2, INT64_C(1782864001), &client, NULL));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_STALE);
    OK(mtls_client_stale_since(client, 0, &since));
    CHECK(since == INT64_C(1782864000));
    OK(mtls_client_free(client));

    /* What was verified outlives the verifier. */
    OK(mtls_verifier_free(verifier));
    OK(mtls_client_path_certificate(again, 0, &path));
    CHECK(path.len == chain[0].len);
    OK(mtls_client_free(again));
    free_bytes(crls);
}

int main(int argc, char **argv)
{
    mtls_store *store = NULL;
    mtls_error *error = NULL;
    mtls_client *client = NULL;
    mtls_policy *policy = new_policy();
    mtls_expiry_status expiry;
    int64_t time;
    mtls_bytes ca;

    CHECK(argc == 2);
    folder = argv[1];
    CHECK(mtls_version().len == strlen(mtls_version().data) && strchr(mtls_version().data, '.') != NULL);
    ca = read_file(folder, "ca.pem");
    chain[0] = read_file(folder, "client.der");
    chain[1] = read_file(folder, "issuing.der");

    OK(mtls_store_from_pem(ca.data, ca.len, &store, &error));
    OK(mtls_verify_client_chain(store, chain, 2, NOW, policy, &client, &error));
    CHECK(error == NULL);
    test_client(client);
    OK(mtls_client_free(client));

    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, MTLS_EXPIRED_ACCEPT, 0));
    OK(mtls_verify_client_chain(store, chain, 2, AFTER, policy, &client, &error));
    OK(mtls_client_expiry(client, &expiry));
    CHECK(expiry == MTLS_EXPIRY_STATUS_EXPIRED);
    OK(mtls_client_valid_until(client, &time));
    CHECK(time == INT64_C(2208988800));
    OK(mtls_client_free(client));
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_ISSUERS, MTLS_EXPIRED_ACCEPT, 0));
    OK(mtls_policy_set_expiry(policy, MTLS_ROLE_ANCHORS, MTLS_EXPIRED_ACCEPT, 0));
    OK(mtls_verify_client_chain(store, chain, 2, AFTER, policy, &client, &error));
    OK(mtls_client_valid_until(client, &time));
    CHECK(time == INT64_MAX);
    OK(mtls_client_free(client));
    OK(mtls_policy_free(policy));

    policy = new_policy();
    test_store(store);
    test_builder(policy);
    test_policy(store);
    test_refusals(store, policy);
    test_nul(store, policy);
    test_verifier(store);

    OK(mtls_policy_free(policy));
    OK(mtls_store_free(store));
    free_bytes(ca);
    free_bytes(chain[0]);
    free_bytes(chain[1]);
    return 0;
}
