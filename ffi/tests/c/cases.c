/* The cases of testdata: cases FOLDER reads the files "script" and "bytes" that tests/cases.rs makes, and says how many there were. */
#include "check.h"

#define MOST 64

/* A word of a case, and the number it stands for. */
struct word {
    const char *word;
    uint32_t number;
};

static const struct word roles[] = { { "client", MTLS_ROLE_CLIENT }, { "issuers", MTLS_ROLE_ISSUERS },
                                     { "anchors", MTLS_ROLE_ANCHORS }, { NULL, 0 } };
static const struct word expireds[] = { { "reject", MTLS_EXPIRED_REJECT }, { "accept", MTLS_EXPIRED_ACCEPT },
                                        { "accept-for", MTLS_EXPIRED_ACCEPT_FOR }, { NULL, 0 } };
static const struct word purposes[] = { { "if-present", MTLS_PURPOSE_IF_PRESENT }, { "required", MTLS_PURPOSE_REQUIRED },
                                        { "unchecked", MTLS_PURPOSE_UNCHECKED }, { NULL, 0 } };
static const struct word key_usages[] = { { "digital-signature", MTLS_CLIENT_KEY_USAGE_DIGITAL_SIGNATURE },
                                          { "unchecked", MTLS_CLIENT_KEY_USAGE_UNCHECKED }, { NULL, 0 } };
static const struct word client_cas[] = { { "refuse", MTLS_CLIENT_CA_REFUSE }, { "accept", MTLS_CLIENT_CA_ACCEPT },
                                          { NULL, 0 } };
static const struct word profiles[] = { { "compatible", MTLS_PROFILE_COMPATIBLE }, { "rfc5280", MTLS_PROFILE_RFC5280 },
                                        { NULL, 0 } };
static const struct word algorithms[] = { { "default", MTLS_SIGNATURE_ALGORITHMS_DEFAULT },
                                          { "aws-lc-rs", MTLS_SIGNATURE_ALGORITHMS_AWS_LC_RS }, { NULL, 0 } };
static const struct word explicits[] = { { "not-required", MTLS_EXPLICIT_POLICY_NOT_REQUIRED },
                                         { "required", MTLS_EXPLICIT_POLICY_REQUIRED }, { NULL, 0 } };
static const struct word mappings[] = { { "allowed", MTLS_POLICY_MAPPINGS_ALLOWED },
                                        { "inhibited", MTLS_POLICY_MAPPINGS_INHIBITED }, { NULL, 0 } };
static const struct word any_policies[] = { { "allowed", MTLS_ANY_POLICY_ALLOWED },
                                            { "inhibited", MTLS_ANY_POLICY_INHIBITED }, { NULL, 0 } };
static const struct word scopes[] = { { "off", MTLS_REVOCATION_SCOPE_OFF }, { "client-only", MTLS_REVOCATION_SCOPE_CLIENT_ONLY }, { "auto", MTLS_REVOCATION_SCOPE_AUTO },
                                      { "whole-path", MTLS_REVOCATION_SCOPE_WHOLE_PATH }, { NULL, 0 } };
static const struct word unknowns[] = { { "deny", MTLS_UNKNOWN_STATUS_DENY }, { "allow", MTLS_UNKNOWN_STATUS_ALLOW },
                                        { "allow-unpublished", MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED },
                                        { NULL, 0 } };
static const struct word pruneds[] = { { "may-be", MTLS_PRUNED_ENTRIES_MAY_BE }, { "kept", MTLS_PRUNED_ENTRIES_KEPT },
                                       { NULL, 0 } };
static const struct word limits[] = { { "presented", MTLS_LIMIT_PRESENTED },
                                      { "certificate-bytes", MTLS_LIMIT_CERTIFICATE_BYTES },
                                      { "intermediates", MTLS_LIMIT_INTERMEDIATES },
                                      { "signatures", MTLS_LIMIT_SIGNATURES },
                                      { "work", MTLS_LIMIT_WORK }, { NULL, 0 } };
static const struct word kinds[] = { { "dns", MTLS_NAME_KIND_DNS }, { "email", MTLS_NAME_KIND_EMAIL },
                                     { "uri", MTLS_NAME_KIND_URI }, { "ip", MTLS_NAME_KIND_IP },
                                     { "common-name", MTLS_NAME_KIND_COMMON_NAME },
                                     { "organizational-unit", MTLS_NAME_KIND_ORGANIZATIONAL_UNIT },
                                     { "spiffe-id", MTLS_NAME_KIND_SPIFFE_ID }, { NULL, 0 } };
static const struct word matches[] = { { "exact", MTLS_TEXT_MATCH_EXACT }, { "prefix", MTLS_TEXT_MATCH_PREFIX },
                                       { "suffix", MTLS_TEXT_MATCH_SUFFIX },
                                       { "below", MTLS_TEXT_MATCH_BELOW }, { NULL, 0 } };
static const struct word positions[] = { { "none", MTLS_POSITION_NONE }, { "client", MTLS_POSITION_CLIENT },
                                         { "presented", MTLS_POSITION_PRESENTED },
                                         { "intermediate", MTLS_POSITION_INTERMEDIATE },
                                         { "anchor", MTLS_POSITION_ANCHOR }, { NULL, 0 } };
static const struct word statuses[] = { { "not-checked", MTLS_REVOCATION_STATUS_NOT_CHECKED },
                                        { "good", MTLS_REVOCATION_STATUS_GOOD }, { "stale", MTLS_REVOCATION_STATUS_STALE },
                                        { "unknown", MTLS_REVOCATION_STATUS_UNKNOWN }, { NULL, 0 } };

/* What is known of a case while it is read. */
struct test_case {
    char name[256];
    int64_t time;
    mtls_policy *policy;
    mtls_deny_list *denied;
    mtls_store_builder *builder;
    mtls_error *store_error;
    mtls_bytes chain[MOST];
    size_t chain_count;
    /* What is expected. */
    char result[16], code[64], reason[64], message[512], certificate[32], current[16];
    int64_t expired_since, valid_until;
    char path[MOST][512];
    char policies[MOST][64];
    uint32_t revocation[MOST];
    size_t path_count, policy_count, status_count;
    int expects_policies, expects_revocation;
    /* Only then extensions may be left to the application. */
    int is_from_json;
};

static struct test_case now;
static mtls_bytes all;
static int faults;

static void fault(const char *what, const char *found)
{
    fprintf(stderr, "%s: %s: %s\n", now.name, what, found);
    faults++;
}

/* Takes the next word of a line. */
static char *next(char **line)
{
    char *word = *line, *end = strchr(word, ' ');
    if (end == NULL) {
        *line = word + strlen(word);
    } else {
        *end = '\0';
        *line = end + 1;
    }
    return word;
}

static uint32_t number_of(const struct word *words, const char *word)
{
    for (; words->word != NULL; words++)
        if (strcmp(words->word, word) == 0)
            return words->number;
    fprintf(stderr, "%s: unknown word %s\n", now.name, word);
    exit(1);
}

static mtls_bytes bytes_of(char **line)
{
    mtls_bytes bytes;
    size_t at = (size_t)strtoull(next(line), NULL, 10);
    bytes.len = (size_t)strtoull(next(line), NULL, 10);
    CHECK(at <= all.len && bytes.len <= all.len - at);
    bytes.data = all.data + at;
    return bytes;
}

static void copy(char *to, size_t room, const char *from)
{
    CHECK(strlen(from) < room);
    strcpy(to, from);
}

static void begin(const char *name)
{
    memset(&now, 0, sizeof now);
    copy(now.name, sizeof now.name, name);
    OK(mtls_policy_new(&now.policy));
    OK(mtls_deny_list_new(&now.denied));
    OK(mtls_store_builder_new(&now.builder));
}

/* Adds to the store; only the first failure is kept. */
static void add(const char *input, mtls_bytes pem)
{
    mtls_result (*function)(mtls_store_builder *, const uint8_t *, size_t, mtls_error **) = NULL;
    mtls_result result;
    if (strcmp(input, "ca") == 0)
        function = mtls_store_builder_add_ca_pem;
    else if (strcmp(input, "intermediates") == 0)
        function = mtls_store_builder_add_intermediates_pem;
    else if (strcmp(input, "pins") == 0)
        function = mtls_store_builder_pin_clients_pem;
    else
        function = mtls_store_builder_add_crl_pem;
    if (now.store_error != NULL)
        return;
    result = function(now.builder, pem.data, pem.len, &now.store_error);
    CHECK((result == MTLS_RESULT_OK) == (now.store_error == NULL));
}

static int read_policy(const char *word, char *line)
{
    mtls_policy *policy = now.policy;
    if (strcmp(word, "policy-json") == 0) {
        mtls_bytes json = bytes_of(&line);
        OK(mtls_policy_free(policy));
        OK(mtls_policy_from_json(json.data, json.len, &now.policy, NULL));
        now.is_from_json = 1;
    } else if (strcmp(word, "expiry") == 0) {
        uint32_t role = number_of(roles, next(&line)), rule = number_of(expireds, next(&line));
        OK(mtls_policy_set_expiry(policy, role, rule, strtoull(line, NULL, 10)));
    } else if (strcmp(word, "clock-skew") == 0) {
        OK(mtls_policy_set_clock_skew(policy, strtoull(line, NULL, 10)));
    } else if (strcmp(word, "path-length") == 0) {
        OK(mtls_policy_set_path_length(policy, (uint32_t)strtoul(line, NULL, 10)));
    } else if (strcmp(word, "purpose") == 0) {
        uint32_t purpose = number_of(purposes, next(&line));
        OK(mtls_policy_set_purpose(policy, purpose, line, strlen(line)));
    } else if (strcmp(word, "key-usage") == 0) {
        OK(mtls_policy_set_client_key_usage(policy, number_of(key_usages, line)));
    } else if (strcmp(word, "client-ca") == 0) {
        OK(mtls_policy_set_client_ca(policy, number_of(client_cas, line)));
    } else if (strcmp(word, "profile") == 0) {
        OK(mtls_policy_set_profile(policy, number_of(profiles, line)));
    } else if (strcmp(word, "signatures") == 0) {
        OK(mtls_policy_set_signature_algorithms(policy, number_of(algorithms, line)));
    } else if (strcmp(word, "certificate-policies") == 0) {
        uint32_t required = number_of(explicits, next(&line)), mapping = number_of(mappings, next(&line));
        OK(mtls_policy_set_certificate_policies(policy, required, mapping, number_of(any_policies, line)));
    } else if (strcmp(word, "revocation") == 0) {
        uint32_t scope = number_of(scopes, next(&line));
        OK(mtls_policy_set_revocation(policy, scope, number_of(unknowns, line)));
    } else if (strcmp(word, "stale") == 0) {
        uint32_t rule = number_of(expireds, next(&line));
        OK(mtls_policy_set_stale_crls(policy, rule, strtoull(line, NULL, 10)));
    } else if (strcmp(word, "pruned") == 0) {
        OK(mtls_policy_set_pruned_entries(policy, number_of(pruneds, line)));
    } else if (strcmp(word, "acceptable") == 0) {
        OK(mtls_policy_add_acceptable_policy(policy, line, strlen(line)));
    } else if (strcmp(word, "restrict-policies") == 0) {
        OK(mtls_policy_restrict_acceptable_policies(policy));
    } else if (strcmp(word, "restrict") == 0) {
        OK(mtls_policy_restrict_identities(policy));
    } else if (strcmp(word, "identity") == 0) {
        uint32_t kind = number_of(kinds, next(&line)), match = number_of(matches, next(&line));
        OK(mtls_policy_add_identity(policy, kind, match, line, strlen(line)));
    } else if (strcmp(word, "limit") == 0) {
        uint32_t limit = number_of(limits, next(&line));
        OK(mtls_policy_set_limit(policy, limit, (uint32_t)strtoul(line, NULL, 10)));
    } else {
        return 0;
    }
    return 1;
}

static int read_input(const char *word, char *line)
{
    if (strcmp(word, "time") == 0) {
        now.time = strtoll(line, NULL, 10);
    } else if (strcmp(word, "deny-certificate") == 0) {
        mtls_bytes digest = bytes_of(&line);
        OK(mtls_deny_list_add_certificate_sha256(now.denied, digest.data, digest.len));
    } else if (strcmp(word, "deny-key") == 0) {
        mtls_bytes digest = bytes_of(&line);
        OK(mtls_deny_list_add_key_sha256(now.denied, digest.data, digest.len));
    } else if (strcmp(word, "deny-signed") == 0) {
        mtls_bytes certificate = bytes_of(&line);
        OK(mtls_deny_list_add_certificate(now.denied, certificate.data, certificate.len, NULL));
    } else if (strcmp(word, "deny-serial") == 0) {
        mtls_bytes issuer = bytes_of(&line), serial = bytes_of(&line);
        OK(mtls_deny_list_add_serial(now.denied, issuer.data, issuer.len, serial.data, serial.len, NULL));
    } else if (strcmp(word, "present") == 0) {
        CHECK(now.chain_count < MOST);
        now.chain[now.chain_count++] = bytes_of(&line);
    } else if (strcmp(word, "ca") == 0 || strcmp(word, "intermediates") == 0 || strcmp(word, "pins") == 0
               || strcmp(word, "crls") == 0) {
        add(word, bytes_of(&line));
    } else {
        return 0;
    }
    return 1;
}

static int read_expectation(const char *word, char *line)
{
    if (strcmp(word, "expect") == 0) {
        copy(now.result, sizeof now.result, line);
    } else if (strcmp(word, "message") == 0) {
        copy(now.message, sizeof now.message, line);
    } else if (strcmp(word, "code") == 0) {
        copy(now.code, sizeof now.code, line);
    } else if (strcmp(word, "reason") == 0) {
        copy(now.reason, sizeof now.reason, line);
    } else if (strcmp(word, "certificate") == 0) {
        copy(now.certificate, sizeof now.certificate, line);
    } else if (strcmp(word, "current") == 0) {
        copy(now.current, sizeof now.current, next(&line));
        now.expired_since = strtoll(line, NULL, 10);
    } else if (strcmp(word, "valid-until") == 0) {
        now.valid_until = strtoll(line, NULL, 10);
    } else if (strcmp(word, "path") == 0) {
        CHECK(now.path_count < MOST);
        copy(now.path[now.path_count++], sizeof now.path[0], line);
    } else if (strcmp(word, "count") == 0) {
        if (strcmp(next(&line), "policy") == 0)
            now.expects_policies = 1;
        else
            now.expects_revocation = 1;
    } else if (strcmp(word, "policy") == 0) {
        CHECK(now.policy_count < MOST);
        copy(now.policies[now.policy_count++], sizeof now.policies[0], line);
    } else if (strcmp(word, "status") == 0) {
        CHECK(now.status_count < MOST);
        now.revocation[now.status_count++] = number_of(statuses, line);
    } else {
        return 0;
    }
    return 1;
}

static void check_client(const mtls_client *client)
{
    mtls_expiry_status expiry;
    mtls_revocation_status status;
    mtls_str text;
    int64_t time = 0;
    size_t count = 0, i;

    OK(mtls_client_expiry(client, &expiry));
    if ((expiry == MTLS_EXPIRY_STATUS_EXPIRED) != (strcmp(now.current, "expired") == 0))
        fault("expiry is not", now.current);
    OK(mtls_client_not_after(client, &time));
    if (expiry == MTLS_EXPIRY_STATUS_EXPIRED && time != now.expired_since)
        fault("expired_since", "another time");
    OK(mtls_client_valid_until(client, &time));
    if (time != now.valid_until)
        fault("valid_until", "another time");
    OK(mtls_client_path_count(client, &count));
    if (count != now.path_count)
        fault("path", "of another length");
    for (i = 0; i < count && i < now.path_count; i++) {
        OK(mtls_client_path_subject(client, i, &text));
        if (!is_text(text, now.path[i]))
            fault("path", text.data);
        if (now.expects_revocation) {
            CHECK(now.status_count == now.path_count);
            OK(mtls_client_revocation(client, i, &status));
            if (status != now.revocation[i])
                fault("revocation", text.data);
        }
    }
    OK(mtls_client_extension_to_process_count(client, &count));
    if (count > 0 && !now.is_from_json)
        fault("extensions", "to process");
    for (i = 0; i < count; i++) {
        mtls_bytes value;
        size_t path_index;
        OK(mtls_client_extension_to_process_oid(client, i, &text));
        OK(mtls_client_extension_to_process_value(client, i, &value));
        OK(mtls_client_extension_to_process_path_index(client, i, &path_index));
        CHECK(text.len > 0 && value.len > 0 && path_index < now.path_count);
    }
    if (now.expects_policies) {
        OK(mtls_client_policy_count(client, &count));
        if (count != now.policy_count)
            fault("policies", "another number of them");
        for (i = 0; i < count && i < now.policy_count; i++) {
            OK(mtls_client_policy(client, i, &text));
            if (!is_text(text, now.policies[i]))
                fault("policies", text.data);
        }
    }
}

static void check_refusal(mtls_result result, const mtls_error *error)
{
    mtls_str message = mtls_error_message(error);
    char certificate[32];
    char *rest = certificate;

    if (strcmp(now.result, "refuse") != 0) {
        fault("refused", message.data);
        return;
    }
    CHECK(result >= 200 && mtls_error_result(error) == result);
    CHECK(result != MTLS_RESULT_REFUSED_OTHER && mtls_error_alert(error) >= 42);
    if (!is_text(mtls_error_code(error), now.code))
        fault("code", message.data);
    if (!is_text(mtls_error_reason(error), now.reason))
        fault("reason", message.data);
    copy(certificate, sizeof certificate, now.certificate);
    if (mtls_error_position(error) != number_of(positions, next(&rest)))
        fault("certificate", message.data);
    if (mtls_error_index(error) != strtoull(rest, NULL, 10))
        fault("index", message.data);
    if (strstr(message.data, now.message) == NULL)
        fault("message", message.data);
}

/* The same outcome is expected of the pure function, and twice of a verifier. */
static void judge(const mtls_store *store)
{
    mtls_verifier *verifier = NULL;
    int turn;

    OK(mtls_verifier_new(store, now.policy, &verifier));
    for (turn = 0; turn < 3; turn++) {
        mtls_client *client = NULL;
        mtls_error *error = NULL;
        mtls_result result;
        if (turn == 0)
            result = mtls_verify_client_chain(store, now.chain, now.chain_count, now.time, now.policy, &client, &error);
        else
            result = mtls_verifier_verify(verifier, now.chain, now.chain_count, now.time, &client, &error);
        CHECK((result == MTLS_RESULT_OK) == (client != NULL) && (result == MTLS_RESULT_OK) == (error == NULL));
        if (result != MTLS_RESULT_OK)
            check_refusal(result, error);
        else if (strcmp(now.result, "accept") != 0)
            fault("accepted", "and should not be");
        else
            check_client(client);
        OK(mtls_client_free(client));
        OK(mtls_error_free(error));
    }
    OK(mtls_verifier_free(verifier));
}

static void end(void)
{
    mtls_store *store = NULL;
    mtls_result result = MTLS_RESULT_OK;

    /* What failed before stays a failure. */
    result = mtls_store_builder_deny(now.builder, now.denied);
    CHECK(result == (now.store_error == NULL ? MTLS_RESULT_OK : MTLS_RESULT_BUILDER_SPENT));
    if (now.store_error == NULL)
        result = mtls_store_builder_build(now.builder, &store, &now.store_error);
    CHECK(now.store_error != NULL || result == MTLS_RESULT_OK);
    if (now.store_error != NULL) {
        mtls_str message = mtls_error_message(now.store_error);
        result = mtls_error_result(now.store_error);
        CHECK(result > MTLS_RESULT_STORE_OTHER && result < MTLS_RESULT_REFUSED_OTHER);
        if (strcmp(now.result, "store-error") != 0 || strstr(message.data, now.message) == NULL)
            fault("the store does not load", message.data);
    } else if (strcmp(now.result, "store-error") == 0) {
        fault("the store loads", "and should not");
    } else {
        judge(store);
    }
    OK(mtls_error_free(now.store_error));
    OK(mtls_store_free(store));
    OK(mtls_store_builder_free(now.builder));
    OK(mtls_deny_list_free(now.denied));
    OK(mtls_policy_free(now.policy));
}

int main(int argc, char **argv)
{
    mtls_bytes script;
    char *text, *line, *rest;
    unsigned long cases = 0;

    CHECK(argc == 2);
    all = read_file(argv[1], "bytes");
    script = read_file(argv[1], "script");
    text = (char *)malloc(script.len + 1);
    CHECK(text != NULL);
    memcpy(text, script.data, script.len);
    text[script.len] = '\0';
    free_bytes(script);
    for (line = text; *line != '\0'; line = rest) {
        char *word;
        rest = strchr(line, '\n');
        CHECK(rest != NULL);
        *rest++ = '\0';
        word = next(&line);
        if (strcmp(word, "case") == 0) {
            begin(line);
        } else if (strcmp(word, "end") == 0) {
            end();
            cases++;
        } else if (!read_policy(word, line) && !read_input(word, line) && !read_expectation(word, line)) {
            fprintf(stderr, "%s: unknown line %s\n", now.name, word);
            return 1;
        }
    }
    free(text);
    free_bytes(all);
    if (faults > 0)
        return 1;
    printf("%lu cases\n", cases);
    return 0;
}
