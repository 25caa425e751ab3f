/* What becomes of clients under policies, and what errors and verifiers say: verdicts FOLDER, with the files that tests/fixtures makes. */
#include "alice.h"

/* A policy from JSON is the one that the functions make, and can be changed by them. Errors say where. */
static void test_policy_from_json(const mtls_store *store)
{
    static const struct {
        mtls_result result;
        const char *json, *message;
    } bad[] = {
        { MTLS_RESULT_INVALID_POLICY, "{\"limits\": {\"intermediate\": 1}}",
          "unknown field `intermediate` in `limits`: did you mean `intermediates`? at line 1 column 26" },
        { MTLS_RESULT_INVALID_POLICY, "", "EOF while parsing a value at line 1 column 0" },
        { MTLS_RESULT_INVALID_POLICY, "{} {}", "trailing characters at line 1 column 4" },
        { MTLS_RESULT_INVALID_UTF8, "{\"\xff\": 1}", "json: invalid utf-8 sequence of 1 bytes from index 2" },
    };
    static const char good[] = "{\"expiry\": {\"client\": {\"accept-for\": \"1m\"}, \"clock-skew\": \"5s\"}}";
    mtls_policy *policy = NULL;
    mtls_error *error;
    size_t i;

    OK(mtls_policy_from_json((const uint8_t *)good, sizeof good - 1, &policy, NULL));
    CHECK(verdict(store, policy, CLIENT_ENDS + 65) == MTLS_RESULT_OK);
    CHECK(verdict(store, policy, CLIENT_ENDS + 66) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_set_clock_skew(policy, 6));
    CHECK(verdict(store, policy, CLIENT_ENDS + 66) == MTLS_RESULT_OK);
    OK(mtls_policy_free(policy));
    policy = NULL;
    OK(mtls_policy_from_json((const uint8_t *)"{}", 2, &policy, NULL));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    CHECK(verdict(store, policy, AFTER) == MTLS_RESULT_EXPIRED);
    OK(mtls_policy_free(policy));

    policy = NULL;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const uint8_t *json = (const uint8_t *)bad[i].json;
        GIVES(bad[i].result, mtls_policy_from_json(json, strlen(bad[i].json), &policy, NULL));
        error = NULL;
        GIVES(bad[i].result, mtls_policy_from_json(json, strlen(bad[i].json), &policy, &error));
        CHECK(policy == NULL && error != NULL);
        CHECK(is_text(mtls_error_message(error), bad[i].message));
        OK(mtls_error_free(error));
    }
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
    OK(mtls_policy_set_pruned_entries(policy, MTLS_PRUNED_ENTRIES_KEPT));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_pruned_entries(policy, MTLS_PRUNED_ENTRIES_MAY_BE));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_REQUIRED, "1.3.6.1.5.5.7.3.1", 17));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_PURPOSE);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_IF_PRESENT, "1.3.6.1.5.5.7.3.2", 17));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_UNCHECKED, NULL, 0));
    OK(mtls_policy_set_client_key_usage(policy, MTLS_CLIENT_KEY_USAGE_UNCHECKED));
    OK(mtls_policy_set_client_ca(policy, MTLS_CLIENT_CA_ACCEPT));
    OK(mtls_policy_set_profile(policy, MTLS_PROFILE_RFC5280));
    OK(mtls_policy_set_signature_algorithms(policy, MTLS_SIGNATURE_ALGORITHMS_DEFAULT));
    GIVES(OF_AWS_LC_RS, mtls_policy_set_signature_algorithms(policy, MTLS_SIGNATURE_ALGORITHMS_AWS_LC_RS));
    OK(mtls_policy_set_rsa_key_bits(policy, 3072, 4096));
    OK(mtls_policy_set_memory(policy, 0, 0));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_client_ca(policy, MTLS_CLIENT_CA_REFUSE));
    OK(mtls_policy_set_path_length(policy, 0));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_MAX_PATH_LENGTH);
    OK(mtls_policy_set_path_length(policy, 1));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
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
    OK(mtls_policy_set_limit(policy, MTLS_LIMIT_WORK, 1));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_WORK_LIMIT);
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
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_EXACT, "spiffe://example.org/bob", 24));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_BELOW, "spiffe://example.org/alice", 26));
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_BELOW, "spiffe://example", 16));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_IDENTITY_NOT_ACCEPTED);
    OK(mtls_policy_add_identity(policy, MTLS_NAME_KIND_SPIFFE_ID, MTLS_TEXT_MATCH_BELOW, "spiffe://example.org", 20));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_add_acceptable_policy(policy, "2.25.340282366920938463463374607431768211455", 44));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_OK);
    OK(mtls_policy_set_purpose(policy, MTLS_PURPOSE_REQUIRED, "2.999.1", 7));
    CHECK(verdict(store, policy, NOW) == MTLS_RESULT_PURPOSE);
    OK(mtls_policy_free(policy));

    policy = new_policy();
    OK(mtls_policy_set_certificate_policies(policy, MTLS_EXPLICIT_POLICY_REQUIRED, MTLS_POLICY_MAPPINGS_INHIBITED,
                                            MTLS_ANY_POLICY_ALLOWED));
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
    CHECK(is_text(mtls_error_reason(error), "expired"));
    /* It is among the names, each of which is there once. */
    size_t names = 0, found = 0;
    for (; mtls_reason_name(names).len > 0; names++)
        found += is_text(mtls_reason_name(names), "expired") ? 1 : 0;
    CHECK(names >= 37 && found == 1);
    CHECK(mtls_error_alert(error) == 45);
    CHECK(mtls_error_position(error) == MTLS_POSITION_CLIENT);
    CHECK(mtls_error_index(error) == 0);
    CHECK(is_text(mtls_error_subject(error), "CN=alice,OU=Night,OU=Operations,O=Example"));
    CHECK(strstr(mtls_error_message(error).data, "expired 151 days ago") != NULL);
    CHECK(mtls_error_message(error).len == strlen(mtls_error_message(error).data));
    CHECK(mtls_error_input(error) == MTLS_INPUT_NONE);
    CHECK(mtls_error_number(error) == 0 && mtls_error_line(error) == 0);
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
    mtls_store *with_crls_of = NULL, *now = NULL;
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

    OK(mtls_store_with_crls_pem(store, &crls, 1, MTLS_ON_BAD_INPUT_FAIL, &with_crls_of, &error));
    OK(mtls_verifier_replace_store(verifier, with_crls_of));
    OK(mtls_store_free(with_crls_of));
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
    /* The CRLs are good to the end of June. */
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

/* The default policy enforces CRLs once the store was given any, and no store without them takes the place
   of one that has some. */
static void test_crls_by_default(const mtls_store *store)
{
    mtls_policy *policy = new_policy(), *off = NULL;
    mtls_verifier *verifier = NULL;
    mtls_client *client = NULL;
    mtls_store *with_crls = NULL, *lost = NULL;
    mtls_revocation_status status;
    mtls_bytes crls = read_file(folder, "crls.pem"), revoked[2];

    revoked[0] = read_file(folder, "revoked.der");
    revoked[1] = chain[1];
    OK(mtls_store_with_crls_pem(store, &crls, 1, MTLS_ON_BAD_INPUT_FAIL, &with_crls, NULL));
    OK(mtls_store_with_crls_pem(with_crls, NULL, 0, MTLS_ON_BAD_INPUT_FAIL, &lost, NULL));
    OK(mtls_verify_client_chain(store, revoked, 2, NOW, policy, &client, NULL));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_NOT_CHECKED);
    OK(mtls_client_free(client));
    GIVES(MTLS_RESULT_REVOKED, mtls_verify_client_chain(with_crls, revoked, 2, NOW, policy, &client, NULL));
    GIVES(MTLS_RESULT_REVOCATION_UNKNOWN, mtls_verify_client_chain(lost, revoked, 2, NOW, policy, &client, NULL));

    OK(mtls_verifier_new(with_crls, policy, &verifier));
    GIVES(MTLS_RESULT_NO_CRLS, mtls_verifier_replace_store(verifier, store));
    GIVES(MTLS_RESULT_NO_CRLS, mtls_verifier_replace_store(verifier, lost));
    GIVES(MTLS_RESULT_REVOKED, mtls_verifier_verify(verifier, revoked, 2, NOW, &client, NULL));
    OK(mtls_verifier_replace_store(verifier, with_crls));
    /* Store and policy in one step. A lost CRL is one by either policy. */
    OK(mtls_policy_new(&off));
    OK(mtls_policy_set_revocation(off, MTLS_REVOCATION_SCOPE_OFF, MTLS_UNKNOWN_STATUS_DENY));
    GIVES(MTLS_RESULT_NO_CRLS, mtls_verifier_replace(verifier, store, off));
    GIVES(MTLS_RESULT_REVOKED, mtls_verifier_verify(verifier, revoked, 2, NOW, &client, NULL));
    OK(mtls_verifier_replace(verifier, with_crls, off));
    OK(mtls_verifier_verify(verifier, revoked, 2, NOW, &client, NULL));
    OK(mtls_client_free(client));
    OK(mtls_verifier_replace(verifier, with_crls, policy));
    GIVES(MTLS_RESULT_REVOKED, mtls_verifier_verify(verifier, revoked, 2, NOW, &client, NULL));
    OK(mtls_policy_free(off));
    OK(mtls_verifier_free(verifier));

    /* Unknown status is accepted only where the store has no CRL of the issuer's name. */
    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED));
    OK(mtls_verify_client_chain(store, revoked, 2, NOW, policy, &client, NULL));
    OK(mtls_client_revocation(client, 0, &status));
    CHECK(status == MTLS_REVOCATION_STATUS_UNKNOWN);
    OK(mtls_client_free(client));
    GIVES(MTLS_RESULT_REVOCATION_UNKNOWN, mtls_verify_client_chain(lost, revoked, 2, NOW, policy, &client, NULL));
    OK(mtls_verifier_new(with_crls, policy, &verifier));
    GIVES(MTLS_RESULT_NO_CRLS, mtls_verifier_replace_store(verifier, store));
    OK(mtls_verifier_free(verifier));

    OK(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_OFF, MTLS_UNKNOWN_STATUS_DENY));
    OK(mtls_verify_client_chain(with_crls, revoked, 2, NOW, policy, &client, NULL));
    OK(mtls_client_free(client));
    OK(mtls_store_free(lost));
    OK(mtls_store_free(with_crls));
    OK(mtls_policy_free(policy));
    free_bytes(revoked[0]);
    free_bytes(crls);
}

int main(int argc, char **argv)
{
    mtls_store *store;
    mtls_policy *policy = new_policy();

    begin(argc, argv);
    store = new_store();
    test_policy_from_json(store);
    test_policy(store);
    test_refusals(store, policy);
    test_nul(store, policy);
    test_verifier(store);
    test_crls_by_default(store);
    OK(mtls_policy_free(policy));
    OK(mtls_store_free(store));
    end();
    return 0;
}
