/* Stores and clients, used as they are meant to be: api FOLDER, with the files that tests/fixtures makes. */
#include "alice.h"

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
    OK(mtls_client_name_count(client, MTLS_NAME_KIND_SPIFFE_ID, &count));
    CHECK(count == 1);
    OK(mtls_client_name(client, MTLS_NAME_KIND_SPIFFE_ID, 0, &text));
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
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_client_name(client, MTLS_NAME_KIND_SPIFFE_ID + 1, 0, &text));
    GIVES(MTLS_RESULT_INVALID_VALUE, mtls_client_name_count(client, MTLS_NAME_KIND_SPIFFE_ID + 1, &count));

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
    OK(mtls_client_extension_to_process_count(client, &count));
    CHECK(count == 0);
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_extension_to_process_oid(client, 0, &text));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_extension_to_process_value(client, 0, &bytes));
    GIVES(MTLS_RESULT_OUT_OF_RANGE, mtls_client_extension_to_process_path_index(client, 0, &count));
}

static void test_store(const mtls_store *store)
{
    mtls_bytes crls[2], name;
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

    crls[0] = read_file(folder, "root.crl");
    crls[1] = read_file(folder, "issuing.crl");
    OK(mtls_store_with_crls_der(store, crls, 2, MTLS_ON_BAD_INPUT_FAIL, &renewed, &error));
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

    /* A CRL that is none: an error, or left out. */
    crls[1].len -= 1;
    GIVES(MTLS_RESULT_STORE_MALFORMED,
          mtls_store_with_crls_der(store, crls, 2, MTLS_ON_BAD_INPUT_FAIL, &emptied, &error));
    CHECK(mtls_error_input(error) == MTLS_INPUT_CRL);
    OK(mtls_error_free(error));
    OK(mtls_store_free(renewed));
    OK(mtls_store_with_crls_der(store, crls, 2, MTLS_ON_BAD_INPUT_SKIP, &renewed, &error));
    OK(mtls_store_skipped_count(renewed, &count));
    CHECK(count == 1);
    OK(mtls_store_free(renewed));
    free_bytes(crls[0]);
    free_bytes(crls[1]);

    crls[0] = read_file(folder, "crls.pem");
    OK(mtls_store_with_crls_pem(store, crls, 1, MTLS_ON_BAD_INPUT_FAIL, &renewed, NULL));
    OK(mtls_store_crl_count(renewed, &count));
    CHECK(count == 2);
    OK(mtls_store_free(renewed));
    free_bytes(crls[0]);
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
    {
        /* A certificate is denied by what was signed; what is none, is none. */
        mtls_deny_list *pinned = NULL;
        OK(mtls_deny_list_new(&pinned));
        OK(mtls_deny_list_add_certificate(pinned, pin.data, pin.len, &error));
        GIVES(MTLS_RESULT_STORE_MALFORMED, mtls_deny_list_add_certificate(pinned, pin.data, pin.len - 1, &error));
        CHECK(mtls_error_result(error) == MTLS_RESULT_STORE_MALFORMED);
        OK(mtls_error_free(error));
        error = NULL;
        OK(mtls_deny_list_free(pinned));
    }

    OK(mtls_store_builder_new_lenient(&builder));
    OK(mtls_store_builder_add_ca_pem(builder, ca.data, ca.len, &error));
    OK(mtls_store_builder_add_ca_der(builder, root.data, root.len, &error));
    OK(mtls_store_builder_add_intermediates_pem(builder, issuing_pem.data, issuing_pem.len, &error));
    OK(mtls_store_builder_add_intermediate_der(builder, issuing.data, issuing.len, &error));
    OK(mtls_store_builder_pin_clients_pem(builder, pin_pem.data, pin_pem.len, &error));
    OK(mtls_store_builder_pin_client_der(builder, pin.data, pin.len, &error));
    OK(mtls_store_builder_add_crl_pem(builder, crls.data, crls.len, &error));
    OK(mtls_store_builder_add_crl_der(builder, crl.data, crl.len, &error));
    OK(mtls_store_builder_set_crl_signature_algorithms(builder, MTLS_SIGNATURE_ALGORITHMS_DEFAULT));
    GIVES(OF_AWS_LC_RS, mtls_store_builder_set_crl_signature_algorithms(builder, MTLS_SIGNATURE_ALGORITHMS_AWS_LC_RS));
    OK(mtls_store_builder_deny(builder, denied));
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
    CHECK(mtls_error_number(error) == 1);
    CHECK(is_text(mtls_error_code(error), "UnmappedConnectionError"));
    CHECK(is_text(mtls_error_reason(error), ""));
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

    /* An input in DER has its number and its subject. */
    OK(mtls_store_builder_new(&builder));
    OK(mtls_store_builder_add_ca_der(builder, root.data, root.len, &error));
    GIVES(MTLS_RESULT_STORE_NOT_A_CA,
          mtls_store_builder_add_ca_der(builder, pin.data, pin.len, &error));
    CHECK(mtls_error_number(error) == 2 && mtls_error_line(error) == 0);
    CHECK(is_text(mtls_error_subject(error), "CN=pinned"));
    OK(mtls_error_free(error));
    error = NULL;
    OK(mtls_store_builder_free(builder));

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

int main(int argc, char **argv)
{
    mtls_store *store;
    mtls_error *error = NULL;
    mtls_client *client = NULL;
    mtls_policy *policy = new_policy();
    mtls_expiry_status expiry;
    int64_t time;

    begin(argc, argv);
    CHECK(mtls_version().len == strlen(mtls_version().data) && strchr(mtls_version().data, '.') != NULL);
    store = new_store();
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

    OK(mtls_policy_free(policy));
    OK(mtls_store_free(store));
    end();
    return 0;
}
