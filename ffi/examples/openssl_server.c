/*
 * A TLS server on OpenSSL that asks for a client certificate and leaves the decision to mtls_verify.
 *
 *     cc openssl_server.c $(pkg-config --cflags --libs mtls_verify openssl) -o openssl_server
 *     ./openssl_server --cert server.pem --key server.key --ca clients.pem [--crl FILE] [--client-expiry accept] [--port PORT]
 *
 * It says on standard output which port it listens on, and of each connection who came in or why not. Lines that nobody
 * reads are dropped. It serves one connection at a time until it is stopped.
 */
#include <mtls_verify.h>

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

/* More are not even encoded: the policy allows 16, so that as many as these are refused whatever follows. */
#define MOST_PRESENTED 17

/* Where a connection keeps its mtls_client. */
static int client_index;

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    ERR_print_errors_fp(stderr);
    exit(2);
}

/*
 * Writes a line to standard output, or drops it if that would wait for a reader: a reader that stops does not stop the
 * server. A pipe that is ready takes PIPE_BUF bytes at once.
 */
static void say(const char *format, ...)
{
    char line[PIPE_BUF];
    struct pollfd out = { STDOUT_FILENO, POLLOUT, 0 };
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    if ((size_t)length >= sizeof line) {
        length = (int)sizeof line - 1;
        line[length - 1] = '\n';
    }
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0 && write(STDOUT_FILENO, line, (size_t)length) < 0)
        return; /* Closed: the server goes on without its log. */
}

static int64_t milliseconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        die("no clock");
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Closing a connection with bytes unread resets it, and the client's kernel then discards the alert. A client of TLS 1.3
 * may have sent a request before the server has seen its certificate. So this reads for at most a second.
 */
static void let_last_words_arrive(int connection)
{
    char unread[4096];
    struct pollfd in = { connection, POLLIN, 0 };
    int64_t end = milliseconds() + 1000, left;
    size_t bytes = 0;
    ssize_t got;

    shutdown(connection, SHUT_WR);
    while (bytes < 65536 && (left = end - milliseconds()) > 0 && poll(&in, 1, (int)left) == 1) {
        got = recv(connection, unread, sizeof unread, MSG_DONTWAIT);
        if (got <= 0)
            return;
        bytes += (size_t)got;
    }
}

/* What OpenSSL turns into the alert that was asked for. It has none for access_denied, which becomes certificate_unknown. */
static int x509_error_of(uint8_t alert)
{
    switch (alert) {
    case 42: return X509_V_ERR_CERT_REJECTED;                  /* bad_certificate */
    case 43: return X509_V_ERR_INVALID_PURPOSE;                /* unsupported_certificate */
    case 44: return X509_V_ERR_CERT_REVOKED;                   /* certificate_revoked */
    case 45: return X509_V_ERR_CERT_HAS_EXPIRED;               /* certificate_expired */
    case 48: return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY; /* unknown_ca */
    case 80: return X509_V_ERR_UNSPECIFIED;                    /* internal_error */
    default: return X509_V_ERR_PERMITTED_VIOLATION;            /* certificate_unknown */
    }
}

/* Encodes one certificate; the buffer is to be freed by OPENSSL_free. */
static int encode(const X509 *certificate, mtls_bytes *der)
{
    unsigned char *data = NULL;
    int len = i2d_X509(certificate, &data);
    if (len < 0)
        return 0;
    der->data = data;
    der->len = (size_t)len;
    return 1;
}

/* In the place of X509_verify_cert: 1 lets the client in. */
static int verify(X509_STORE_CTX *context, void *argument)
{
    const mtls_verifier *verifier = (const mtls_verifier *)argument;
    SSL *ssl = (SSL *)X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    STACK_OF(X509) *others = X509_STORE_CTX_get0_untrusted(context);
    X509 *own = X509_STORE_CTX_get0_cert(context);
    mtls_bytes chain[MOST_PRESENTED];
    size_t count = 0;
    mtls_client *client = NULL;
    mtls_error *error = NULL;
    int i, is_complete;

    /* The client's own comes first. What OpenSSL calls untrusted is all that was presented, that one included. */
    is_complete = own != NULL && encode(own, &chain[0]);
    count = (size_t)is_complete;
    for (i = 0; is_complete && i < sk_X509_num(others) && count < MOST_PRESENTED; i++) {
        X509 *other = sk_X509_value(others, i);
        if (other == own)
            continue;
        is_complete = encode(other, &chain[count]);
        count += (size_t)is_complete;
    }

    if (!is_complete) {
        say("refused: no certificate, or no memory for them\n");
        X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
    } else if (mtls_verifier_verify(verifier, chain, count, (int64_t)time(NULL), &client, &error) != MTLS_RESULT_OK) {
        say("refused %s: %s\n", mtls_error_code(error).data, mtls_error_message(error).data);
        X509_STORE_CTX_set_error(context, x509_error_of(mtls_error_alert(error)));
        mtls_error_free(error);
    } else if (!SSL_set_ex_data(ssl, client_index, client)) {
        mtls_client_free(client);
        client = NULL;
        X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
    } else {
        X509_STORE_CTX_set_error(context, X509_V_OK);
    }
    while (count > 0)
        OPENSSL_free((void *)(uintptr_t)chain[--count].data);
    return client != NULL;
}

/* Called by OpenSSL when it frees a connection. */
static void free_client(void *parent, void *client, CRYPTO_EX_DATA *data, int index, long number, void *pointer)
{
    (void)parent, (void)data, (void)index, (void)number, (void)pointer;
    mtls_client_free((mtls_client *)client);
}

static void serve(SSL *ssl)
{
    const mtls_client *client;
    mtls_expiry_status expiry;
    mtls_str subject;
    char greeting[1024];
    int length;

    if (SSL_accept(ssl) != 1) {
        ERR_clear_error();
        say("no handshake\n");
        return;
    }
    client = (const mtls_client *)SSL_get_ex_data(ssl, client_index);
    if (client == NULL || mtls_client_subject(client, &subject) != MTLS_RESULT_OK
        || mtls_client_expiry(client, &expiry) != MTLS_RESULT_OK)
        return;
    say("accepted %s%s\n", subject.data, expiry == MTLS_EXPIRY_STATUS_EXPIRED ? " (expired)" : "");
    length = snprintf(greeting, sizeof greeting, "hello %s\n", subject.data);
    SSL_write(ssl, greeting, length < (int)sizeof greeting ? length : (int)sizeof greeting - 1);
    SSL_shutdown(ssl);
}

static mtls_bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t len = 0, room = 0, got;
    mtls_bytes bytes;

    if (file == NULL)
        die(path);
    do {
        room += 65536;
        data = (uint8_t *)realloc(data, room);
        if (data == NULL)
            die("no memory");
        got = fread(data + len, 1, room - len, file);
        len += got;
    } while (got > 0);
    if (ferror(file) || fclose(file) != 0)
        die(path);
    bytes.data = data;
    bytes.len = len;
    return bytes;
}

static void check(mtls_result result, const mtls_error *error)
{
    if (result != MTLS_RESULT_OK) {
        fprintf(stderr, "mtls_verify: %u: %s\n", (unsigned)result, mtls_error_message(error).data);
        exit(2);
    }
}

/* The store of the CAs and CRLs, under a policy: whole paths are looked up in the CRLs, if there are any. */
static mtls_verifier *new_verifier(const char *ca, const char *crl, int accepts_expired, STACK_OF(X509_NAME) *names)
{
    mtls_store_builder *builder = NULL;
    mtls_store *store = NULL;
    mtls_policy *policy = NULL;
    mtls_verifier *verifier = NULL;
    mtls_error *error = NULL;
    mtls_bytes pem = read_file(ca);
    size_t count = 0, i;

    check(mtls_store_builder_new(&builder), NULL);
    check(mtls_store_builder_add_ca_pem(builder, pem.data, pem.len, &error), error);
    free((void *)(uintptr_t)pem.data);
    check(mtls_policy_new(&policy), NULL);
    if (crl != NULL) {
        pem = read_file(crl);
        check(mtls_store_builder_add_crl_pem(builder, pem.data, pem.len, &error), error);
        free((void *)(uintptr_t)pem.data);
        check(mtls_policy_set_revocation(policy, MTLS_REVOCATION_SCOPE_WHOLE_PATH, MTLS_UNKNOWN_STATUS_DENY), NULL);
    }
    if (accepts_expired)
        check(mtls_policy_set_expiry(policy, MTLS_ROLE_CLIENT, MTLS_EXPIRED_ACCEPT, 0), NULL);
    check(mtls_store_builder_build(builder, &store, &error), error);
    mtls_store_builder_free(builder);

    /* Clients with several certificates choose by the names of the CAs. */
    check(mtls_store_distinguished_name_count(store, &count), NULL);
    for (i = 0; i < count; i++) {
        mtls_bytes der;
        const unsigned char *next;
        X509_NAME *name;
        check(mtls_store_distinguished_name(store, i, &der), NULL);
        next = der.data;
        name = d2i_X509_NAME(NULL, &next, (long)der.len);
        if (name == NULL || !sk_X509_NAME_push(names, name))
            die("a name of a CA");
    }

    check(mtls_verifier_new(store, policy, &verifier), NULL);
    mtls_store_free(store); /* The verifier keeps what it needs. */
    mtls_policy_free(policy);
    return verifier;
}

static SSL_CTX *new_context(const char *cert, const char *key, mtls_verifier *verifier, STACK_OF(X509_NAME) *names)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        || SSL_CTX_use_certificate_chain_file(context, cert) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        die("the server's certificate and key");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify, verifier);
    SSL_CTX_set_client_CA_list(context, names);
    /*
     * A resumed session skips the certificate, and whether it has expired or been revoked since. So there are none here. A server that
     * wants them has to keep mtls_client_valid_until with the session, look at it when one is resumed, and set a session id context
     * (SSL_CTX_set_session_id_context) of its own for each store and policy.
     */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    return context;
}

static int new_listener(const char *port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0
        || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        die("cannot listen");
    say("listening on 127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    return listener;
}

int main(int argc, char **argv)
{
    const char *cert = NULL, *key = NULL, *ca = NULL, *crl = NULL, *expiry = "reject", *port = "0";
    struct timeval patience = { 10, 0 };
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
    mtls_verifier *verifier;
    SSL_CTX *context;
    int i, listener;

    for (i = 1; i + 1 < argc; i += 2) {
        const char *option = argv[i], *value = argv[i + 1];
        if (strcmp(option, "--cert") == 0) cert = value;
        else if (strcmp(option, "--key") == 0) key = value;
        else if (strcmp(option, "--ca") == 0) ca = value;
        else if (strcmp(option, "--crl") == 0) crl = value;
        else if (strcmp(option, "--client-expiry") == 0) expiry = value;
        else if (strcmp(option, "--port") == 0) port = value;
        else die(option);
    }
    if (i != argc || cert == NULL || key == NULL || ca == NULL || names == NULL
        || (strcmp(expiry, "reject") != 0 && strcmp(expiry, "accept") != 0))
        die("openssl_server --cert FILE --key FILE --ca FILE [--crl FILE] [--client-expiry reject|accept] [--port PORT]");

    signal(SIGPIPE, SIG_IGN);
    client_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_client);
    if (client_index < 0)
        die("no place for the client");
    verifier = new_verifier(ca, crl, strcmp(expiry, "accept") == 0, names);
    context = new_context(cert, key, verifier, names);
    listener = new_listener(port);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        SSL *ssl;
        if (connection < 0)
            continue;
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        ssl = SSL_new(context);
        if (ssl != NULL && SSL_set_fd(ssl, connection))
            serve(ssl);
        SSL_free(ssl);
        let_last_words_arrive(connection);
        close(connection);
    }
}
