/*
 * mtls_verify.h: verifies the certificates of TLS clients.
 *
 * A server hands over its CA bundle, the chain that a client presented, the time and a policy; it gets back who the client is and until
 * when that holds, or exactly why not.
 *
 * Results. A function that can fail returns MTLS_RESULT_OK (0) or why it failed; from 200 on, the client is refused, and below that the call itself
 * failed, which says nothing of the client: do not let it in. What a function gives out is written on success only, and last; on failure
 * the variables are as they were. Functions with a parameter `error` make an mtls_error on failure, unless it is NULL, and leave it
 * alone on success.
 *
 * Pointers. Where nothing else is said, NULL is an error and never a default. A length of 0 is an empty input, whose pointer may be
 * NULL unless it is text.
 * A pointer has to point to what its type says for as long as the call lasts, and nobody may write there meanwhile: that cannot be checked.
 * Inputs are copied as far as they are needed.
 *
 * Objects (mtls_store, mtls_policy, ...) are made by functions with an out parameter, and freed by the function of their name that
 * ends in _free, for which NULL is nothing to do. All may be used by several threads at once, also those that are changed (each change is made as a
 * whole); only _free has to be the last use of its object. Debug builds of the library find most uses of freed objects
 * (MTLS_RESULT_INVALID_HANDLE), for which they keep a list of all objects; release builds keep nothing
 * beside the objects but some 200 bytes for each thread that has used a verifier, which a later thread takes over, and which are still
 * there when the process ends.
 *
 * Text is UTF-8 with a length, and has a NUL after its end and none inside: what has one inside is not given out, as C code could take a
 * part of it for the whole. Text and bytes that are given out belong to the object they come from. Times are seconds since 1970, UTC.
 *
 * Numbers. A parameter of type uint32_t that is a choice takes the constants of the enum that its description names. The numbers of two such
 * enums are never the same, and 0 is in none: a choice that is given in the place of another, or forgotten, is MTLS_RESULT_INVALID_VALUE and
 * changes nothing. No number changes its meaning or is used again for something else.
 *
 * Panics do not leave the library: MTLS_RESULT_INTERNAL, and what they say goes to standard error. It opens nothing, reads no clock and
 * starts no thread. When memory runs out, the process ends.
 */


#ifndef MTLS_VERIFY_H
#define MTLS_VERIFY_H

/* Made by cbindgen of the Rust source: MTLS_VERIFY_UPDATE_HEADER=1 cargo test -p mtls-verify-ffi --test header */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * What a call came to. A number never changes its meaning, and is not used again once it is given
 * up.
 *
 * From 200 on, the client is refused. Below that the call itself failed, which says nothing of the
 * client: do not let it in.
 */
enum mtls_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * It did what was asked for.
     */
    MTLS_RESULT_OK = 0,
    /**
     * A pointer that is needed is NULL.
     */
    MTLS_RESULT_NULL_POINTER = 1,
    /**
     * A pointer is not aligned for what it points to.
     */
    MTLS_RESULT_MISALIGNED_POINTER = 2,
    /**
     * A length or a count that is larger than anything can be, or a chain of more than 10,000
     * certificates.
     */
    MTLS_RESULT_TOO_LONG = 3,
    /**
     * Text is not UTF-8.
     */
    MTLS_RESULT_INVALID_UTF8 = 4,
    /**
     * A number that is none of the enum's, or out of its range.
     */
    MTLS_RESULT_INVALID_VALUE = 5,
    /**
     * Text is not an OBJECT IDENTIFIER in dotted form.
     */
    MTLS_RESULT_INVALID_OID = 6,
    /**
     * Text is not an IP address.
     */
    MTLS_RESULT_INVALID_ADDRESS = 7,
    /**
     * Bytes are not a name or a serial number as certificates have them, or text is not a SPIFFE
     * ID, or nothing that a name of its kind can be.
     */
    MTLS_RESULT_INVALID_NAME = 8,
    /**
     * The object was freed, or is another one. Debug builds of the library alone find this out,
     * and not always.
     */
    MTLS_RESULT_INVALID_HANDLE = 9,
    /**
     * The store builder failed before, or has built its store.
     */
    MTLS_RESULT_BUILDER_SPENT = 10,
    /**
     * The certificate has nothing of the kind asked for, or nothing that is unambiguous.
     */
    MTLS_RESULT_ABSENT = 11,
    /**
     * An index that is not below the count.
     */
    MTLS_RESULT_OUT_OF_RANGE = 12,
    /**
     * The text has a NUL character inside, so that C code could mistake it for another text. The
     * certificate itself has it.
     */
    MTLS_RESULT_TEXT_HAS_NUL = 13,
    /**
     * A time before 1970.
     */
    MTLS_RESULT_INVALID_TIME = 14,
    /**
     * The store in use has CRLs that are lost in the new one: all, or those of an issuer.
     */
    MTLS_RESULT_NO_CRLS = 15,
    /**
     * Text is not a policy in JSON.
     */
    MTLS_RESULT_INVALID_POLICY = 16,
    /**
     * A bug in the library.
     */
    MTLS_RESULT_INTERNAL = 99,
    /**
     * The store does not load, for a reason that has no number of its own.
     */
    MTLS_RESULT_STORE_OTHER = 100,
    /**
     * There is no certificate, or no CRL, in the input.
     */
    MTLS_RESULT_STORE_EMPTY = 101,
    /**
     * A PEM block with a label that does not belong there.
     */
    MTLS_RESULT_STORE_LABEL = 102,
    /**
     * A private key among the certificates.
     */
    MTLS_RESULT_STORE_PRIVATE_KEY = 103,
    /**
     * A line that was meant as a PEM boundary and is none.
     */
    MTLS_RESULT_STORE_BOUNDARY = 104,
    /**
     * A PEM block without its END line.
     */
    MTLS_RESULT_STORE_NO_END = 105,
    /**
     * A PEM block with an END line that is no PEM boundary.
     */
    MTLS_RESULT_STORE_BROKEN_END = 106,
    /**
     * A PEM block with another label on its END line.
     */
    MTLS_RESULT_STORE_OTHER_END = 107,
    /**
     * An END line outside of every block.
     */
    MTLS_RESULT_STORE_STRAY_END = 108,
    /**
     * A NUL byte in what should be PEM.
     */
    MTLS_RESULT_STORE_NUL = 109,
    /**
     * Not base64 between the boundaries.
     */
    MTLS_RESULT_STORE_BASE64 = 110,
    /**
     * A certificate larger than the largest that a store takes.
     */
    MTLS_RESULT_STORE_CERTIFICATE_TOO_LARGE = 111,
    /**
     * More than 4 GiB of certificates.
     */
    MTLS_RESULT_STORE_TOO_LARGE = 112,
    /**
     * Not a certificate, or not a CRL.
     */
    MTLS_RESULT_STORE_MALFORMED = 113,
    /**
     * A CRL with a critical extension that is not processed.
     */
    MTLS_RESULT_STORE_UNHANDLED_EXTENSION = 114,
    /**
     * Given as a CA, and not one.
     */
    MTLS_RESULT_STORE_NOT_A_CA = 115,
    /**
     * OpenSSL's trust settings of the certificate allow it for no purpose.
     */
    MTLS_RESULT_STORE_TRUST_SETTINGS = 116,
    /**
     * Base64 outside of every PEM block, which a damaged BEGIN line may hide.
     */
    MTLS_RESULT_STORE_STRAY_BASE64 = 117,
    /**
     * Refused, for a reason that has no number of its own.
     */
    MTLS_RESULT_REFUSED_OTHER = 200,
    /**
     * The client presented no certificate.
     */
    MTLS_RESULT_EMPTY_CHAIN = 201,
    /**
     * More certificates presented than the limit.
     */
    MTLS_RESULT_TOO_MANY_PRESENTED = 202,
    /**
     * A presented certificate larger than the limit.
     */
    MTLS_RESULT_CERTIFICATE_TOO_LARGE = 203,
    /**
     * Only paths with more intermediates than the limit may lead to a trust anchor.
     */
    MTLS_RESULT_PATH_TOO_LONG = 204,
    /**
     * The limit on signature verifications was reached.
     */
    MTLS_RESULT_SIGNATURE_LIMIT = 205,
    /**
     * Not a certificate (RFC 5280 §4.1, §4.2).
     */
    MTLS_RESULT_MALFORMED = 207,
    /**
     * No issuer is known.
     */
    MTLS_RESULT_UNKNOWN_ISSUER = 208,
    /**
     * An issuer is known, and no way leads from there to a trust anchor.
     */
    MTLS_RESULT_NO_WAY_TO_ANCHOR = 209,
    /**
     * Self-issued, and neither a trust anchor nor pinned.
     */
    MTLS_RESULT_UNTRUSTED_ROOT = 210,
    /**
     * A signature that the issuer's key did not make (RFC 5280 §6.1.3 (a)(1)).
     */
    MTLS_RESULT_BAD_SIGNATURE = 211,
    /**
     * A signature algorithm that is not allowed.
     */
    MTLS_RESULT_UNSUPPORTED_SIGNATURE_ALGORITHM = 212,
    /**
     * A kind of key that is not allowed.
     */
    MTLS_RESULT_UNSUPPORTED_KEY = 213,
    /**
     * An RSA key of a size that is not allowed.
     */
    MTLS_RESULT_KEY_SIZE = 214,
    /**
     * Its notBefore is in the future (RFC 5280 §6.1.3 (a)(2)).
     */
    MTLS_RESULT_NOT_YET_VALID = 215,
    /**
     * Its notAfter has passed (RFC 5280 §6.1.3 (a)(2)).
     */
    MTLS_RESULT_EXPIRED = 216,
    /**
     * It issued a certificate and is not a CA (RFC 5280 §6.1.4 (k)).
     */
    MTLS_RESULT_NOT_A_CA = 217,
    /**
     * More intermediates below a CA than its pathLenConstraint allows (RFC 5280 §6.1.4 (l)(m)).
     */
    MTLS_RESULT_PATH_LENGTH = 218,
    /**
     * keyUsage lacks a bit that is needed (RFC 5280 §4.2.1.3).
     */
    MTLS_RESULT_KEY_USAGE = 219,
    /**
     * Extended key usage lacks the purpose asked for (RFC 5280 §4.2.1.12).
     */
    MTLS_RESULT_PURPOSE = 220,
    /**
     * No extended key usage where the policy asks for one.
     */
    MTLS_RESULT_NO_PURPOSE = 221,
    /**
     * A critical extension that is not processed (RFC 5280 §4.2).
     */
    MTLS_RESULT_UNHANDLED_EXTENSION = 222,
    /**
     * A name that breaks name constraints (RFC 5280 §4.2.1.10).
     */
    MTLS_RESULT_NAME_CONSTRAINT = 223,
    /**
     * A certificate policy is required, and none is left (RFC 5280 §6.1.5).
     */
    MTLS_RESULT_NO_VALID_POLICY = 224,
    /**
     * Valid for certificate policies of which none is acceptable (RFC 5280 §6.1.5 (g)).
     */
    MTLS_RESULT_POLICY_NOT_ACCEPTABLE = 225,
    /**
     * A certificate policy listed twice (RFC 5280 §4.2.1.4).
     */
    MTLS_RESULT_REPEATED_POLICY = 226,
    /**
     * A policy mapping from or to anyPolicy (RFC 5280 §6.1.4 (a)).
     */
    MTLS_RESULT_MAPS_ANY_POLICY = 227,
    /**
     * On the deny list, or rejected by OpenSSL's trust settings.
     */
    MTLS_RESULT_DENIED = 230,
    /**
     * A CRL names it (RFC 5280 §6.1.3 (a)(3)) that its issuer's key made, or another signer that
     * has a path to a trust anchor of the store.
     */
    MTLS_RESULT_REVOKED = 231,
    /**
     * Its revocation status is not known (RFC 5280 §6.3.3): no CRL vouches for it, or one names
     * it that is not known to be authentic.
     */
    MTLS_RESULT_REVOCATION_UNKNOWN = 232,
    /**
     * The CRL that would vouch for it is too old (RFC 5280 §6.3.3 (a)).
     */
    MTLS_RESULT_STALE_CRL = 233,
    /**
     * Nobody can tell whose CRL counts: a CRL names it whose signer is valid only if this
     * certificate is, or it needs a CRL whose signers revoke each other.
     */
    MTLS_RESULT_CIRCULAR_CRLS = 236,
    /**
     * Against a rule for conforming CAs, under the profile that asks for them.
     */
    MTLS_RESULT_NON_CONFORMING = 237,
    /**
     * Verified, and not one of the identities that the policy lets in.
     */
    MTLS_RESULT_IDENTITY_NOT_ACCEPTED = 238,
    /**
     * A CA certificate presented as the client's own.
     */
    MTLS_RESULT_CA_AS_CLIENT = 239,
    /**
     * The path has more intermediates that are not self-issued than the policy allows (RFC 5280
     * §6.1.2 (k)).
     */
    MTLS_RESULT_MAX_PATH_LENGTH = 240,
    /**
     * The limit on work was reached.
     */
    MTLS_RESULT_WORK_LIMIT = 241,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_result mtls_result;
#else
typedef uint32_t mtls_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a client's certificate has expired, at the time of the verification.
 */
enum mtls_expiry_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * It has not expired.
     */
    MTLS_EXPIRY_STATUS_CURRENT = 0,
    /**
     * It has expired, and the policy accepts that.
     */
    MTLS_EXPIRY_STATUS_EXPIRED = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_expiry_status mtls_expiry_status;
#else
typedef uint32_t mtls_expiry_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a client's certificate is trusted by.
 */
enum mtls_trusted_by
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A path to a trust anchor.
     */
    MTLS_TRUSTED_BY_ANCHOR = 0,
    /**
     * It is pinned itself.
     */
    MTLS_TRUSTED_BY_PIN = 1,
    /**
     * Something that this library has no number for.
     */
    MTLS_TRUSTED_BY_OTHER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_trusted_by mtls_trusted_by;
#else
typedef uint32_t mtls_trusted_by;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is known of the revocation of a certificate, at the time of the verification.
 */
enum mtls_revocation_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The policy does not ask for it, or it is a trust anchor or pinned.
     */
    MTLS_REVOCATION_STATUS_NOT_CHECKED = 0,
    /**
     * Fresh CRLs vouch for it.
     */
    MTLS_REVOCATION_STATUS_GOOD = 1,
    /**
     * CRLs vouch for it of which one was no longer fresh, and the policy accepts that.
     */
    MTLS_REVOCATION_STATUS_STALE = 2,
    /**
     * No CRL names it and none vouches for it, or the status of a CRL's signer is unknown, and the
     * policy allows that.
     */
    MTLS_REVOCATION_STATUS_UNKNOWN = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_revocation_status mtls_revocation_status;
#else
typedef uint32_t mtls_revocation_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which certificate an error is about.
 */
enum mtls_position
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * None: the chain as a whole, or no chain at all.
     */
    MTLS_POSITION_NONE = 0,
    /**
     * The client's own.
     */
    MTLS_POSITION_CLIENT = 1,
    /**
     * Another presented one; `mtls_error_index` has its index.
     */
    MTLS_POSITION_PRESENTED = 2,
    /**
     * An intermediate of the store.
     */
    MTLS_POSITION_INTERMEDIATE = 3,
    /**
     * A trust anchor.
     */
    MTLS_POSITION_ANCHOR = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_position mtls_position;
#else
typedef uint32_t mtls_position;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which input of a store an error is about.
 */
enum mtls_input
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * None.
     */
    MTLS_INPUT_NONE = 0,
    /**
     * CA certificates.
     */
    MTLS_INPUT_CA = 1,
    /**
     * Intermediates.
     */
    MTLS_INPUT_INTERMEDIATE = 2,
    /**
     * Pinned client certificates.
     */
    MTLS_INPUT_PINNED_CLIENT = 3,
    /**
     * CRLs.
     */
    MTLS_INPUT_CRL = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_input mtls_input;
#else
typedef uint32_t mtls_input;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A role in a path.
 */
enum mtls_role
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The client's own certificate.
     */
    MTLS_ROLE_CLIENT = 1001,
    /**
     * Intermediates and separate signers of CRLs, presented or from the store.
     */
    MTLS_ROLE_ISSUERS = 1002,
    /**
     * Trust anchors.
     */
    MTLS_ROLE_ANCHORS = 1003,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_role mtls_role;
#else
typedef uint32_t mtls_role;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What becomes of what has expired: of a certificate after its notAfter, of a CRL after its
 * nextUpdate.
 */
enum mtls_expired
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Refused. The default.
     */
    MTLS_EXPIRED_REJECT = 1101,
    /**
     * Accepted for a number of seconds (and the clock skew), then refused.
     */
    MTLS_EXPIRED_ACCEPT_FOR = 1102,
    /**
     * Accepted forever.
     */
    MTLS_EXPIRED_ACCEPT = 1103,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_expired mtls_expired;
#else
typedef uint32_t mtls_expired;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which certificates of a path are looked up in CRLs.
 */
enum mtls_revocation_scope
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * None: the CRLs of a store do nothing.
     */
    MTLS_REVOCATION_SCOPE_OFF = 1201,
    /**
     * The client's own.
     */
    MTLS_REVOCATION_SCOPE_CLIENT_ONLY = 1202,
    /**
     * All but the trust anchor (RFC 5280 §6.1.3 (a)(3)).
     */
    MTLS_REVOCATION_SCOPE_WHOLE_PATH = 1203,
    /**
     * As `WHOLE_PATH` if the store was given CRLs, even if all were skipped or later ones are
     * none; as `OFF` otherwise. The default.
     */
    MTLS_REVOCATION_SCOPE_AUTO = 1204,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_revocation_scope mtls_revocation_scope;
#else
typedef uint32_t mtls_revocation_scope;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What becomes of a certificate that no CRL names and for which none vouches. One that a CRL names
 * is refused whatever this says, even if the CRL is not known to be authentic. Only a newer CRL by
 * the same key can take its place.
 */
enum mtls_unknown_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Refused. The default.
     */
    MTLS_UNKNOWN_STATUS_DENY = 1301,
    /**
     * Accepted, and `mtls_client_revocation` says so.
     */
    MTLS_UNKNOWN_STATUS_ALLOW = 1302,
    /**
     * Accepted if the store was given no CRL with the name of its issuer, nor with that of a
     * cRLIssuer that its distribution points name; refused otherwise. CRLs that were skipped
     * count, and those that the store had before `mtls_store_with_crls_pem`. One whose issuer
     * cannot be read may be any issuer's. A CRL that was never loaded is not noticed.
     */
    MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED = 1303,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_unknown_status mtls_unknown_status;
#else
typedef uint32_t mtls_unknown_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a CRL that does not list an expired certificate shows that it was not revoked. A CA may
 * drop an entry once the certificate has expired (RFC 5280 §3.3).
 */
enum mtls_pruned_entries
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The entry may have been dropped: the CRL vouches only if its thisUpdate, or the time of its
     * expiredCertsOnCRL, is not later than the certificate's notAfter. The default.
     */
    MTLS_PRUNED_ENTRIES_MAY_BE = 1401,
    /**
     * The CAs keep the entries of expired certificates: the CRL vouches like any other.
     */
    MTLS_PRUNED_ENTRIES_KEPT = 1402,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_pruned_entries mtls_pruned_entries;
#else
typedef uint32_t mtls_pruned_entries;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How the extended key usage of a path is held to a purpose (RFC 5280 §4.2.1.12).
 */
enum mtls_purpose
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Certificates that have the extension must name the purpose. The default, with clientAuth.
     */
    MTLS_PURPOSE_IF_PRESENT = 1501,
    /**
     * The same, and the client's own certificate must have the extension.
     */
    MTLS_PURPOSE_REQUIRED = 1502,
    /**
     * Extended key usage is not looked at.
     */
    MTLS_PURPOSE_UNCHECKED = 1503,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_purpose mtls_purpose;
#else
typedef uint32_t mtls_purpose;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the client's keyUsage, where it has one, must include (RFC 5280 §4.2.1.3).
 */
enum mtls_client_key_usage
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * digitalSignature. The default.
     */
    MTLS_CLIENT_KEY_USAGE_DIGITAL_SIGNATURE = 1601,
    /**
     * Nothing.
     */
    MTLS_CLIENT_KEY_USAGE_UNCHECKED = 1602,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_client_key_usage mtls_client_key_usage;
#else
typedef uint32_t mtls_client_key_usage;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a client may present a CA certificate as its own.
 */
enum mtls_client_ca
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * No, unless it is pinned. The default.
     */
    MTLS_CLIENT_CA_REFUSE = 1701,
    /**
     * Yes.
     */
    MTLS_CLIENT_CA_ACCEPT = 1702,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_client_ca mtls_client_ca;
#else
typedef uint32_t mtls_client_ca;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How strictly the form of certificates, and of CRLs that vouch, is held to RFC 5280.
 */
enum mtls_profile
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * What deployed private PKIs issue is accepted. The default.
     */
    MTLS_PROFILE_COMPATIBLE = 1801,
    /**
     * What RFC 5280 asks of conforming CAs and CRL issuers is asked for.
     */
    MTLS_PROFILE_RFC5280 = 1802,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_profile mtls_profile;
#else
typedef uint32_t mtls_profile;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a path must be valid for an acceptable certificate policy (RFC 5280 §6.1.1 (f)).
 */
enum mtls_explicit_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Only if its certificates say so. The default.
     */
    MTLS_EXPLICIT_POLICY_NOT_REQUIRED = 1901,
    /**
     * Always.
     */
    MTLS_EXPLICIT_POLICY_REQUIRED = 1902,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_explicit_policy mtls_explicit_policy;
#else
typedef uint32_t mtls_explicit_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether mappings between certificate policies are allowed (RFC 5280 §6.1.1 (e)).
 */
enum mtls_policy_mappings
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * They are. The default.
     */
    MTLS_POLICY_MAPPINGS_ALLOWED = 2001,
    /**
     * They are not.
     */
    MTLS_POLICY_MAPPINGS_INHIBITED = 2002,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_policy_mappings mtls_policy_mappings;
#else
typedef uint32_t mtls_policy_mappings;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether anyPolicy in a certificate stands for every policy (RFC 5280 §6.1.1 (g)).
 */
enum mtls_any_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * It does. The default.
     */
    MTLS_ANY_POLICY_ALLOWED = 2601,
    /**
     * It does not.
     */
    MTLS_ANY_POLICY_INHIBITED = 2602,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_any_policy mtls_any_policy;
#else
typedef uint32_t mtls_any_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A bound on the work and memory that one verification may cost.
 */
enum mtls_limit
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Certificates presented, the client's own included. Default 16.
     */
    MTLS_LIMIT_PRESENTED = 2101,
    /**
     * Bytes of one presented certificate. Default 16,384.
     */
    MTLS_LIMIT_CERTIFICATE_BYTES = 2102,
    /**
     * Intermediates in a path. Default 8.
     */
    MTLS_LIMIT_INTERMEDIATES = 2103,
    /**
     * Signatures verified. Default 20.
     */
    MTLS_LIMIT_SIGNATURES = 2104,
    /**
     * Work of all kinds together, in units of about 100 instructions, or 10 ns: a tenth for what
     * anybody can ask for, the rest for what certificates ask for whose signatures hold. Default
     * 250,000.
     */
    MTLS_LIMIT_WORK = 2105,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_limit mtls_limit;
#else
typedef uint32_t mtls_limit;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A kind of name in a client's certificate. A name of the subjectAltName that does not have the
 * syntax of its form matches no identity of a policy.
 */
enum mtls_name_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * dNSName of the subjectAltName. Compared without regard to case, and with wildcards as the
     * text they are. To match, it must be a host name: labels of 1 to 63 letters, digits, hyphens
     * and underscores, 253 in all, with or without `*.` in front.
     */
    MTLS_NAME_KIND_DNS = 2201,
    /**
     * rfc822Name of the subjectAltName. To match, it must be a Dot-string, one `@` and a host name
     * (RFC 5321 §4.1.2).
     */
    MTLS_NAME_KIND_EMAIL = 2202,
    /**
     * uniformResourceIdentifier of the subjectAltName. To match, it must be a URI of RFC 3986, and
     * not a relative reference; it is not normalized, and a certificate may have several. For
     * SPIFFE IDs, `MTLS_NAME_KIND_SPIFFE_ID` is what matches safely.
     */
    MTLS_NAME_KIND_URI = 2203,
    /**
     * iPAddress of the subjectAltName, as text: `192.0.2.1`, `2001:db8::1`. `::ffff:192.0.2.1` is
     * another address than `192.0.2.1`.
     */
    MTLS_NAME_KIND_IP = 2204,
    /**
     * The common name of the subject, if there is exactly one. Free text, bound by no syntax, and
     * by no name constraint but those on the whole subject.
     */
    MTLS_NAME_KIND_COMMON_NAME = 2205,
    /**
     * Organizational units of the subject, most general first; those that are not text are left
     * out. Free text as well.
     */
    MTLS_NAME_KIND_ORGANIZATIONAL_UNIT = 2206,
    /**
     * The SPIFFE ID, as `mtls_client_spiffe_id` has it: a certificate with several URIs has none.
     */
    MTLS_NAME_KIND_SPIFFE_ID = 2207,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_name_kind mtls_name_kind;
#else
typedef uint32_t mtls_name_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How text is compared: byte by byte, but for DNS names.
 */
enum mtls_text_match
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * All of it. The only one for `MTLS_NAME_KIND_IP`.
     */
    MTLS_TEXT_MATCH_EXACT = 2301,
    /**
     * It begins with this, whatever characters come after it: `https://example.org` begins
     * `https://example.org.evil.example/`, and `https://example.org/fleet/` begins
     * `https://example.org/fleet/../admin`. End it with a delimiter.
     */
    MTLS_TEXT_MATCH_PREFIX = 2302,
    /**
     * It ends with this, whatever characters come before it: `example.com` ends `evilexample.com`.
     * Begin it with a delimiter.
     */
    MTLS_TEXT_MATCH_SUFFIX = 2303,
    /**
     * It is below this, by whole segments; for `MTLS_NAME_KIND_SPIFFE_ID` alone, which takes this
     * and `EXACT`. `spiffe://example.org` has all IDs of the trust domain below it, and
     * `spiffe://example.org/fleet` those with more segments.
     */
    MTLS_TEXT_MATCH_BELOW = 2304,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_text_match mtls_text_match;
#else
typedef uint32_t mtls_text_match;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What becomes of CRLs that are not good.
 */
enum mtls_on_bad_input
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * They are an error, and nothing is loaded.
     */
    MTLS_ON_BAD_INPUT_FAIL = 2501,
    /**
     * They are left out, and `mtls_store_skipped` tells what and why.
     */
    MTLS_ON_BAD_INPUT_SKIP = 2502,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_on_bad_input mtls_on_bad_input;
#else
typedef uint32_t mtls_on_bad_input;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which signatures are accepted. The default is the same however the library was built.
 */
enum mtls_signature_algorithms
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * ECDSA with P-256 and P-384, each with SHA-256 and SHA-384; Ed25519; RSA PKCS#1 and PSS with
     * 2048 to 8192 bits, each with SHA-256, SHA-384 and SHA-512. The default.
     */
    MTLS_SIGNATURE_ALGORITHMS_DEFAULT = 2401,
    /**
     * All that `aws-lc-rs` implements: the default, and ECDSA with P-521 and with SHA-512, and
     * ML-DSA. Only for libraries built with the feature `aws-lc-rs`.
     */
    MTLS_SIGNATURE_ALGORITHMS_AWS_LC_RS = 2402,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mtls_signature_algorithms mtls_signature_algorithms;
#else
typedef uint32_t mtls_signature_algorithms;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A client that was verified. It owns what it says, so it can go into a session; store, verifier
 * and policy may be freed before it. Text and bytes that its functions give out belong to it, and
 * are there until it is freed.
 *
 * Where a certificate leaves open which of several values is meant, there is none
 * (`MTLS_RESULT_ABSENT`): to pick one would let the holder of the certificate and the server
 * disagree on who it is. Text with a NUL character inside is an error
 * (`MTLS_RESULT_TEXT_HAS_NUL`): C code would take a part of it for the whole.
 */
typedef struct mtls_client mtls_client;

/**
 * Certificates that are refused whatever else holds. It changes nothing until it is given to a
 * store builder or to `mtls_store_with_deny_list`, which copy it.
 */
typedef struct mtls_deny_list mtls_deny_list;

/**
 * Why a call failed. Made by functions that take an `error`, and freed with `mtls_error_free`.
 *
 * It does not change, and several threads may use it at once. The functions that read it cannot
 * fail; of NULL they say what is said of an error about which nothing is known.
 */
typedef struct mtls_error mtls_error;

/**
 * What a server asks of its clients, beyond a path to one of its trust anchors. A new one is the
 * strict, ordinary policy of a TLS server. **It lets in every client that is verified, and
 * enforces the CRLs that the store was given**, if any. Functions change single parts of it. A
 * policy to which something could not be done is as it was before.
 *
 * What no policy can switch off: signatures, the path to an anchor, basic constraints and path
 * length, keyCertSign, unknown critical extensions, notBefore.
 */
typedef struct mtls_policy mtls_policy;

/**
 * The trust anchors of a server, its CRLs, and what helps to find paths. It does not change; what
 * is renewed is a new store, which shares the rest with the old one. A function that takes a store
 * keeps what it needs of it, so that it can be freed at any time.
 */
typedef struct mtls_store mtls_store;

/**
 * Collects what a store is made of.
 *
 * Unless it is of `mtls_store_builder_new_lenient`, the first input that is not good spends it:
 * that call says what is wrong, and all later ones fail with `MTLS_RESULT_BUILDER_SPENT`, so that
 * no store comes of a part of what it should have. Building spends it too. It is to be freed all
 * the same.
 */
typedef struct mtls_store_builder mtls_store_builder;

/**
 * A store, a policy, and what was verified under them: one for all threads of a server.
 *
 * Its verdicts are those of `mtls_verify_client_chain`. It only does not do twice what it has done
 * before. The same chain costs one SHA-256 of its bytes while it is remembered, until a
 * certificate or CRL that was looked at begins or ceases to be valid. The signatures of CAs are
 * not verified again for each of their clients. Refusals and pinned clients are not remembered.
 * `mtls_policy_set_memory` bounds what it remembers.
 */
typedef struct mtls_verifier mtls_verifier;

/**
 * Text in UTF-8, with a NUL after its end and none inside.
 *
 * It belongs to the object that gave it out, and is there until that object is freed.
 */
typedef struct {
    /**
     * The first byte; never NULL in what this library gives out.
     */
    const char *data;
    /**
     * How many bytes there are before the NUL.
     */
    size_t len;
} mtls_str;

/**
 * Bytes at an address. They belong to the object or the caller that gave them out.
 *
 * As an input, `data` may be NULL if `len` is 0.
 */
typedef struct {
    /**
     * The first byte.
     */
    const uint8_t *data;
    /**
     * How many bytes there are.
     */
    size_t len;
} mtls_bytes;

/**
 * One CRL of a store, for those who watch how old it is. Text and bytes belong to the store.
 */
typedef struct {
    /**
     * Its issuer as an RFC 4514 string, such as `CN=Issuing CA,O=Example`.
     */
    mtls_str issuer;
    /**
     * The DER of its issuer's name.
     */
    mtls_bytes issuer_der;
    /**
     * Its thisUpdate: when it was made, in seconds since 1970; 0 if that is earlier.
     */
    int64_t this_update;
    /**
     * Its nextUpdate: the last second at which it is fresh; `INT64_MIN` where it does not say, 0
     * if it is before 1970.
     */
    int64_t next_update;
    /**
     * How many entries it has.
     */
    size_t entries;
    /**
     * Whether it continues a complete CRL (RFC 5280 §5.2.4).
     */
    bool is_delta;
    /**
     * Whether its signature was found to be that of a certificate of the store with a path to a
     * trust anchor; false where the store has more than 64 certificates of its issuer's name. Of
     * others it is verified when a client needs it.
     */
    bool is_signed_by_store;
} mtls_crl_info;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library, such as `0.1.0`. Never freed.
 */
mtls_str mtls_version(void);

/**
 * The subject as an RFC 4514 string, most specific part first: `CN=device 7,O=Example`. To compare
 * names, compare DER or single attributes, never this.
 */
mtls_result mtls_client_subject(const mtls_client *client, mtls_str *subject);

/**
 * The issuer's name, as `mtls_client_subject`.
 */
mtls_result mtls_client_issuer(const mtls_client *client, mtls_str *issuer);

/**
 * The DER of the subject's name.
 */
mtls_result mtls_client_subject_der(const mtls_client *client, mtls_bytes *der);

/**
 * The DER of the issuer's name.
 */
mtls_result mtls_client_issuer_der(const mtls_client *client, mtls_bytes *der);

/**
 * The common name of the subject; absent if there is none, or more than one, or it is not text.
 */
mtls_result mtls_client_common_name(const mtls_client *client, mtls_str *name);

/**
 * The SPIFFE ID: the one URI of the subjectAltName, if it is `spiffe://`, a trust domain and a
 * path. Absent if there are several URIs, whether they can be read or not, and from certificates
 * of CAs or with keyCertSign or cRLSign, or with a keyUsage without digitalSignature.
 */
mtls_result mtls_client_spiffe_id(const mtls_client *client, mtls_str *spiffe_id);

/**
 * The user principal name of a Windows or smart-card certificate (otherName 1.3.6.1.4.1.311.20.2.3
 * of the subjectAltName); absent if there is none, or more than one.
 */
mtls_result mtls_client_user_principal_name(const mtls_client *client, mtls_str *name);

/**
 * How many names of a kind there are: one of `mtls_name_kind`.
 */
mtls_result mtls_client_name_count(const mtls_client *client, uint32_t kind, size_t *count);

/**
 * A name of a kind, by its index from 0, as it is written in the certificate; IP addresses as
 * text.
 */
mtls_result mtls_client_name(const mtls_client *client,
                             uint32_t kind,
                             size_t index,
                             mtls_str *name);

/**
 * The serial number in upper-case hexadecimal, two digits a byte: `03A5B1`; of a negative number
 * `-` and its magnitude.
 */
mtls_result mtls_client_serial(const mtls_client *client, mtls_str *serial);

/**
 * The content octets of the serial number: two's complement, big-endian.
 */
mtls_result mtls_client_serial_bytes(const mtls_client *client, mtls_bytes *serial);

/**
 * Writes the SHA-256 of the client's certificate to `sha256`, which must have room for 32 bytes,
 * and `sha256_len` must be 32.
 *
 * It is good for logs and does not name a client: it covers the signature, and a client can
 * present a second encoding of a certificate that was signed with ECDSA, which verifies as well
 * and has another SHA-256.
 */
mtls_result mtls_client_fingerprint_sha256(const mtls_client *client,
                                           uint8_t *sha256,
                                           size_t sha256_len);

/**
 * Frees a client; NULL is left alone.
 */
mtls_result mtls_client_free(mtls_client *client);

/**
 * The first second of the certificate's validity, since 1970; negative if that is earlier.
 */
mtls_result mtls_client_not_before(const mtls_client *client, int64_t *unix_time);

/**
 * The last second of the certificate's validity, since 1970; negative if that is earlier. Of an
 * expired client, since when it is expired.
 */
mtls_result mtls_client_not_after(const mtls_client *client, int64_t *unix_time);

/**
 * Whether the client's certificate has expired, which the policy accepts then (the clock skew
 * included).
 */
mtls_result mtls_client_expiry(const mtls_client *client, mtls_expiry_status *status);

/**
 * The last second, since 1970, at which the path is known to hold under the policy it was verified
 * with: the earliest end of the validity of its certificates, each with the clock skew and what
 * the policy accepts for its role; and of what CRLs say of them, where revocation was checked. It
 * ends earlier where a CRL from the future begins to count, or where a certificate that is not yet
 * valid could then use up the limit on signatures, but not where it could use up the limit on
 * work. `INT64_MAX` if nothing ends it.
 *
 * Bound sessions, resumption and caches with it.
 */
mtls_result mtls_client_valid_until(const mtls_client *client, int64_t *unix_time);

/**
 * What the client's certificate is trusted by.
 */
mtls_result mtls_client_trusted_by(const mtls_client *client, mtls_trusted_by *trusted_by);

/**
 * How many certificates the path has that held. Of a pinned client, 1.
 */
mtls_result mtls_client_path_count(const mtls_client *client, size_t *count);

/**
 * The DER of a certificate of the path, by its index: the client's own is 0, the trust anchor's
 * the last.
 */
mtls_result mtls_client_path_certificate(const mtls_client *client, size_t index, mtls_bytes *der);

/**
 * The subject of a certificate of the path, as `mtls_client_subject` has the client's.
 */
mtls_result mtls_client_path_subject(const mtls_client *client, size_t index, mtls_str *subject);

/**
 * What is known of the revocation of a certificate of the path.
 */
mtls_result mtls_client_revocation(const mtls_client *client,
                                   size_t index,
                                   mtls_revocation_status *status);

/**
 * Since when the CRL is no longer fresh, if that status is `MTLS_REVOCATION_STATUS_STALE`: the
 * last second, since 1970, at which it was; negative if that is earlier. Absent for every other
 * status.
 */
mtls_result mtls_client_stale_since(const mtls_client *client, size_t index, int64_t *unix_time);

/**
 * How many certificate policies the path is valid for, of those asked for (RFC 5280 §6.1.6).
 */
mtls_result mtls_client_policy_count(const mtls_client *client, size_t *count);

/**
 * The OBJECT IDENTIFIER of such a policy in dotted form, by its index from 0. anyPolicy
 * (`2.5.29.32.0`) stands for all.
 */
mtls_result mtls_client_policy(const mtls_client *client, size_t index, mtls_str *oid);

/**
 * A deny list with nothing on it.
 */
mtls_result mtls_deny_list_new(mtls_deny_list **list);

/**
 * Denies this certificate, given as DER, by what its issuer signed. Its signature does not count,
 * so every encoding that verifies is denied. A list to which it could not be added, as it is not a
 * certificate, is as it was before.
 */
mtls_result mtls_deny_list_add_certificate(mtls_deny_list *list,
                                           const uint8_t *der,
                                           size_t der_len,
                                           mtls_error **error);

/**
 * Denies the certificate of which this is the SHA-256, over its DER: its fingerprint. `sha256_len`
 * must be 32.
 *
 * A fingerprint also covers the signature, and of an ECDSA signature anybody can make a second one
 * that verifies. Both encodings are denied.
 */
mtls_result mtls_deny_list_add_certificate_sha256(mtls_deny_list *list,
                                                  const uint8_t *sha256,
                                                  size_t sha256_len);

/**
 * Denies all certificates for a key: the SHA-256 of the DER of its subjectPublicKeyInfo.
 * `sha256_len` must be 32.
 */
mtls_result mtls_deny_list_add_key_sha256(mtls_deny_list *list,
                                          const uint8_t *sha256,
                                          size_t sha256_len);

/**
 * Denies the certificates with a serial number: the DER of the issuer's name, and the bytes of the
 * number with or without zeros in front. A list to which this could not be added is as it was
 * before.
 */
mtls_result mtls_deny_list_add_serial(mtls_deny_list *list,
                                      const uint8_t *issuer_der,
                                      size_t issuer_der_len,
                                      const uint8_t *serial,
                                      size_t serial_len,
                                      mtls_error **error);

/**
 * Frees a deny list; NULL is left alone.
 */
mtls_result mtls_deny_list_free(mtls_deny_list *list);

/**
 * The number of the error. `MTLS_RESULT_NULL_POINTER` of NULL.
 */
mtls_result mtls_error_result(const mtls_error *error);

/**
 * The reason as the connection logs of AWS load balancers name it, such as `ClientCertExpired`;
 * `UnmappedConnectionError` if the client was not refused but the call failed.
 */
mtls_str mtls_error_code(const mtls_error *error);

/**
 * The stable name of the reason, finer than the code, such as `name-constraint`: for metrics and
 * filters of logs; `mtls_reason_name` has all. Empty if the client was not refused but the call
 * failed, and of NULL.
 */
mtls_str mtls_error_reason(const mtls_error *error);

/**
 * One of the names that `mtls_error_reason` can give, by its index from 0: for metrics that begin
 * at 0. Empty beyond the last. The text stays, and is not to be freed.
 */
mtls_str mtls_reason_name(size_t index);

/**
 * A sentence for a person, such as `client certificate CN=device 7 expired 3 days ago (notAfter
 * 2026-01-02T03:04:05Z)`.
 */
mtls_str mtls_error_message(const mtls_error *error);

/**
 * The alert to refuse the handshake with (RFC 8446 §6.2), as the number on the wire;
 * internal_error (80) if the client was not refused but the call failed.
 */
uint8_t mtls_error_alert(const mtls_error *error);

/**
 * Which certificate it is about.
 */
mtls_position mtls_error_position(const mtls_error *error);

/**
 * The index of that certificate in the chain given, if its position is `MTLS_POSITION_PRESENTED`;
 * else 0.
 */
size_t mtls_error_index(const mtls_error *error);

/**
 * The subject of that certificate as an RFC 4514 string. Of a CRL that does not load, its issuer.
 * Empty where there is none, or it does not parse, or was not read as it is beyond a limit.
 */
mtls_str mtls_error_subject(const mtls_error *error);

/**
 * Which input of a store it is about.
 */
mtls_input mtls_error_input(const mtls_error *error);

/**
 * The number of the PEM block that it is about, from 1. Of an input in DER, its number among those
 * of its kind. 0 for none.
 */
size_t mtls_error_number(const mtls_error *error);

/**
 * The line of that input that it is about, from 1; 0 for none.
 */
size_t mtls_error_line(const mtls_error *error);

/**
 * Frees an error; NULL is left alone.
 */
mtls_result mtls_error_free(mtls_error *error);

/**
 * How many critical extensions of the path the policy leaves to the application
 * (`processed-extensions` of `mtls_policy_from_json`): 0 under every policy that names none.
 * **Nobody has looked at their values.** The application refuses the client if it cannot process
 * one of them.
 */
mtls_result mtls_client_extension_to_process_count(const mtls_client *client, size_t *count);

/**
 * The OBJECT IDENTIFIER of a critical extension that the application has to process, in dotted
 * form, by its index from 0.
 */
mtls_result mtls_client_extension_to_process_oid(const mtls_client *client,
                                                 size_t index,
                                                 mtls_str *oid);

/**
 * The value of a critical extension that the application has to process: the content of its
 * extnValue, which nobody has looked at.
 */
mtls_result mtls_client_extension_to_process_value(const mtls_client *client,
                                                   size_t index,
                                                   mtls_bytes *value);

/**
 * Whose critical extension it is that the application has to process: the index of its certificate
 * in the path, 0 for the client's own.
 */
mtls_result mtls_client_extension_to_process_path_index(const mtls_client *client,
                                                        size_t index,
                                                        size_t *path_index);

/**
 * Lets nobody in until identities are added with `mtls_policy_add_identity`. Call it before you
 * add what a configuration lists: if it lists nothing, nobody is let in.
 */
mtls_result mtls_policy_restrict_identities(mtls_policy *policy);

/**
 * Lets in clients with such an identity, besides those added before, and no others: one of
 * `mtls_name_kind`, one of `mtls_text_match`, and the text. Every name begins and ends with the
 * empty text. Rules of a policy from JSON stay: a client comes in by them or by this.
 *
 * For the fleet of a SPIFFE trust domain: `MTLS_NAME_KIND_SPIFFE_ID`, `MTLS_TEXT_MATCH_BELOW` and
 * `spiffe://example.org/fleet`, or `spiffe://example.org` for all of it. What is not in the form
 * of a SPIFFE ID is `MTLS_RESULT_INVALID_NAME`, and so is text that no such name can have.
 */
mtls_result mtls_policy_add_identity(mtls_policy *policy,
                                     uint32_t kind,
                                     uint32_t text_match,
                                     const char *value,
                                     size_t value_len);

/**
 * The default policy.
 */
mtls_result mtls_policy_new(mtls_policy **policy);

/**
 * What becomes of expired certificates in a role: one of `mtls_role`, one of `mtls_expired`, and
 * for `MTLS_EXPIRED_ACCEPT_FOR` how many seconds after notAfter; `seconds` is not looked at
 * otherwise. Where revocation is checked as well, an expired certificate needs a CRL that can
 * still vouch for it: see `mtls_policy_set_pruned_entries`.
 */
mtls_result mtls_policy_set_expiry(mtls_policy *policy,
                                   uint32_t role,
                                   uint32_t expired,
                                   uint64_t seconds);

/**
 * How far the clocks of issuer and verifier may be apart, in seconds: every validity begins this
 * much earlier and ends this much later. At most 86,400 (24 hours), so that it does not switch
 * notBefore off; more is `MTLS_RESULT_INVALID_VALUE`.
 */
mtls_result mtls_policy_set_clock_skew(mtls_policy *policy, uint64_t seconds);

/**
 * Which certificates of a path are looked up in CRLs, and what becomes of those that no CRL names
 * and for which none vouches: one of `mtls_revocation_scope`, one of `mtls_unknown_status`.
 * Default: `MTLS_REVOCATION_SCOPE_AUTO`, `MTLS_UNKNOWN_STATUS_DENY`.
 */
mtls_result mtls_policy_set_revocation(mtls_policy *policy,
                                       uint32_t scope,
                                       uint32_t unknown_status);

/**
 * What becomes of a CRL after its nextUpdate, as for `mtls_policy_set_expiry`. A CRL without
 * nextUpdate is stale one second after its thisUpdate. A certificate that needs a CRL that is too
 * stale is refused, whatever `mtls_unknown_status` says. Being stale keeps no CRL from revoking a
 * certificate that it names.
 */
mtls_result mtls_policy_set_stale_crls(mtls_policy *policy, uint32_t expired, uint64_t seconds);

/**
 * Whether the CRLs keep the entries of certificates that have expired: one of
 * `mtls_pruned_entries`. It matters where expired certificates are accepted and revocation is
 * checked: by default, a CRL made after a certificate's notAfter leaves its status unknown, unless
 * its expiredCertsOnCRL reaches back to then.
 */
mtls_result mtls_policy_set_pruned_entries(mtls_policy *policy, uint32_t pruned_entries);

/**
 * What the certificates of a path must be made for: one of `mtls_purpose`, and the OBJECT
 * IDENTIFIER of the purpose in dotted form, such as `1.3.6.1.5.5.7.3.2` for clientAuth; `oid` is
 * not looked at for `MTLS_PURPOSE_UNCHECKED`. `mtls_policy_from_json` takes several.
 */
mtls_result mtls_policy_set_purpose(mtls_policy *policy,
                                    uint32_t purpose,
                                    const char *oid,
                                    size_t oid_len);

/**
 * What the client's keyUsage must include: one of `mtls_client_key_usage`.
 */
mtls_result mtls_policy_set_client_key_usage(mtls_policy *policy, uint32_t key_usage);

/**
 * Whether a client that is not pinned may present a CA certificate as its own: one of
 * `mtls_client_ca`.
 */
mtls_result mtls_policy_set_client_ca(mtls_policy *policy, uint32_t client_ca);

/**
 * How strictly the form of certificates, and of CRLs that vouch, is held to RFC 5280: one of
 * `mtls_profile`.
 */
mtls_result mtls_policy_set_profile(mtls_policy *policy, uint32_t profile);

/**
 * How many intermediates that are not self-issued a path may have: where max_path_length of RFC
 * 5280 §6.1.2 (k) begins. Default: as many as pathLenConstraints and the limit on intermediates
 * allow.
 */
mtls_result mtls_policy_set_path_length(mtls_policy *policy, uint32_t intermediates);

/**
 * The sizes that RSA keys may have, in bits of the modulus, both ends included. Default: 2048 to
 * 8192.
 */
mtls_result mtls_policy_set_rsa_key_bits(mtls_policy *policy, uint32_t minimum, uint32_t maximum);

/**
 * Sets a limit on the work of one verification: one of `mtls_limit`.
 */
mtls_result mtls_policy_set_limit(mtls_policy *policy, uint32_t limit, uint32_t value);

/**
 * How much a verifier remembers: bytes for whole chains (default 16 MiB, some 8,000 clients), and
 * how many signatures on CA certificates of about 100 bytes each (default 4,096). Either is off at
 * 0. Both are of one type, so mind their order: bytes come first.
 */
mtls_result mtls_policy_set_memory(mtls_policy *policy, size_t chain_bytes, size_t signatures);

/**
 * Accepts no certificate policy until some are added with `mtls_policy_add_acceptable_policy`.
 * **This alone refuses nobody**: a client without any policy is let in, unless
 * `mtls_policy_set_certificate_policies` sets `MTLS_EXPLICIT_POLICY_REQUIRED` or a certificate
 * requires one. Call it before you add what a configuration lists.
 */
mtls_result mtls_policy_restrict_acceptable_policies(mtls_policy *policy);

/**
 * Accepts a certificate policy, besides those accepted before, and no others; its OBJECT
 * IDENTIFIER in dotted form. It only decides who comes in where a policy is required (RFC 5280
 * §6.1.1 (c)).
 */
mtls_result mtls_policy_add_acceptable_policy(mtls_policy *policy, const char *oid, size_t oid_len);

/**
 * What is asked of certificate policies besides (RFC 5280 §6.1.1 (e) to (g)): one of
 * `mtls_explicit_policy`, one of `mtls_policy_mappings`, one of `mtls_any_policy`.
 */
mtls_result mtls_policy_set_certificate_policies(mtls_policy *policy,
                                                 uint32_t explicit_policy,
                                                 uint32_t mappings,
                                                 uint32_t any_policy);

/**
 * Frees a policy; NULL is left alone.
 */
mtls_result mtls_policy_free(mtls_policy *policy);

/**
 * A policy from JSON, such as `{"expiry": {"client": {"accept-for": "7d 12h"}}}`. What it leaves
 * out has its default, so `{}` is what `mtls_policy_new` makes. docs/guide/policy.md has all
 * fields. The functions that change a policy change this one too. The buffer is not kept.
 *
 * On failure `policy` is left alone, and `error`, unless NULL, is why. Text that is no policy is
 * `MTLS_RESULT_INVALID_POLICY`: the message says where, and what is expected there. For an unknown
 * name it has the nearest one that is known.
 */
mtls_result mtls_policy_from_json(const uint8_t *json,
                                  size_t len,
                                  mtls_policy **policy,
                                  mtls_error **error);

/**
 * The algorithms that certificates and CRLs may be signed with: one of
 * `mtls_signature_algorithms`. `MTLS_RESULT_INVALID_VALUE` if the library was built without that
 * provider.
 *
 * The path of a client is always verified with these. Whether a CRL is authentic that a
 * certificate of the store signed was found out as the store was built:
 * `mtls_store_builder_set_crl_signature_algorithms`.
 */
mtls_result mtls_policy_set_signature_algorithms(mtls_policy *policy, uint32_t algorithms);

/**
 * The algorithms with which the store verifies CRLs, and the certificates of their signers, while
 * it is built: one of `mtls_signature_algorithms`. `MTLS_RESULT_INVALID_VALUE` if the library was
 * built without that provider.
 *
 * A CRL that is signed with another algorithm is verified when a client needs it, at that client's
 * cost, with the algorithms of the policy.
 */
mtls_result mtls_store_builder_set_crl_signature_algorithms(mtls_store_builder *builder,
                                                            uint32_t algorithms);

/**
 * A store of the CA certificates in a PEM bundle, all of them trust anchors.
 *
 * Text between the blocks, blank lines, CR and CRLF, lines of any length, byte order marks and
 * files joined without a line between them are taken as they come; of equal certificates one is
 * kept. A line that may be a damaged boundary, or base64 outside of every block, is an error,
 * unless its lines begin with `#`. Anything that is not a good CA certificate is an error that
 * names block and line, and then nothing is loaded; a lenient store builder skips it instead.
 */
mtls_result mtls_store_from_pem(const uint8_t *pem,
                                size_t pem_len,
                                mtls_store **store,
                                mtls_error **error);

/**
 * A store with these CRLs in the place of *all* those it has: `count` PEM bundles; none of them,
 * if it is 0. `on_bad_input` is one of `mtls_on_bad_input`.
 *
 * Where the policy allows unknown status, a missing CRL lets in the clients that it revoked. So
 * look at `mtls_store_skipped` if you skip bad CRLs, and keep the store with the last good ones.
 */
mtls_result mtls_store_with_crls_pem(const mtls_store *store,
                                     const mtls_bytes *bundles,
                                     size_t count,
                                     uint32_t on_bad_input,
                                     mtls_store **renewed,
                                     mtls_error **error);

/**
 * The same with one CRL in DER for each buffer.
 */
mtls_result mtls_store_with_crls_der(const mtls_store *store,
                                     const mtls_bytes *crls,
                                     size_t count,
                                     uint32_t on_bad_input,
                                     mtls_store **renewed,
                                     mtls_error **error);

/**
 * A store that denies what is on the list, in the place of what another list has it deny. What
 * OpenSSL's trust settings reject stays rejected. The list is copied.
 */
mtls_result mtls_store_with_deny_list(const mtls_store *store,
                                      const mtls_deny_list *list,
                                      mtls_store **changed);

/**
 * How many trust anchors there are.
 */
mtls_result mtls_store_anchor_count(const mtls_store *store, size_t *count);

/**
 * How many intermediates there are.
 */
mtls_result mtls_store_intermediate_count(const mtls_store *store, size_t *count);

/**
 * How many pinned clients there are.
 */
mtls_result mtls_store_pinned_client_count(const mtls_store *store, size_t *count);

/**
 * How many names of trust anchors there are, each counted once.
 */
mtls_result mtls_store_distinguished_name_count(const mtls_store *store, size_t *count);

/**
 * The DER of the name of a trust anchor, by its index from 0: what a server advertises as
 * certificate_authorities (RFC 8446 §4.2.4). The bytes belong to the store. Servers with many
 * hundreds of CAs should advertise none: the list goes into every handshake.
 */
mtls_result mtls_store_distinguished_name(const mtls_store *store, size_t index, mtls_bytes *name);

/**
 * How many CRLs there are.
 */
mtls_result mtls_store_crl_count(const mtls_store *store, size_t *count);

/**
 * A CRL, by its index from 0.
 */
mtls_result mtls_store_crl(const mtls_store *store, size_t index, mtls_crl_info *info);

/**
 * How much was left out: by a lenient store builder, or as `MTLS_ON_BAD_INPUT_SKIP` says.
 */
mtls_result mtls_store_skipped_count(const mtls_store *store, size_t *count);

/**
 * What was left out, and why, by its index from 0: an error, to be freed.
 */
mtls_result mtls_store_skipped(const mtls_store *store, size_t index, mtls_error **skipped);

/**
 * Frees a store; NULL is left alone.
 */
mtls_result mtls_store_free(mtls_store *store);

/**
 * A builder of a store in which there is nothing yet. Input that is not good is an error.
 */
mtls_result mtls_store_builder_new(mtls_store_builder **builder);

/**
 * The same, which leaves out input that is not good: `mtls_store_skipped` tells what and why. A
 * store without a trust anchor and without a pinned client is still an error.
 */
mtls_result mtls_store_builder_new_lenient(mtls_store_builder **builder);

/**
 * Adds the CA certificates of a PEM bundle as trust anchors; `mtls_store_from_pem` says what a
 * bundle may hold.
 */
mtls_result mtls_store_builder_add_ca_pem(mtls_store_builder *builder,
                                          const uint8_t *pem,
                                          size_t pem_len,
                                          mtls_error **error);

/**
 * Adds one CA certificate as a trust anchor.
 */
mtls_result mtls_store_builder_add_ca_der(mtls_store_builder *builder,
                                          const uint8_t *der,
                                          size_t der_len,
                                          mtls_error **error);

/**
 * Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none may
 * end there. Certificates of those who sign CRLs alone (keyUsage with cRLSign) belong here too.
 */
mtls_result mtls_store_builder_add_intermediates_pem(mtls_store_builder *builder,
                                                     const uint8_t *pem,
                                                     size_t pem_len,
                                                     mtls_error **error);

/**
 * Adds one certificate as an intermediate.
 */
mtls_result mtls_store_builder_add_intermediate_der(mtls_store_builder *builder,
                                                    const uint8_t *der,
                                                    size_t der_len,
                                                    mtls_error **error);

/**
 * Pins the client certificates of a PEM bundle: a client that presents exactly one of them (and
 * holds its key, which the handshake proves) is accepted without a path. What binds it: its
 * validity, key and key usages, critical extensions, the profile, the certificate policies that it
 * lists, identities, and the deny list for its own certificate. What does not, as there is no
 * path: its signature (but for whether it is self-signed, which `MTLS_PROFILE_RFC5280` can ask),
 * CRLs (even where its CA and a CRL are in the store), denied issuers, name constraints, path
 * length, and whether it is a CA's. Where the pin does not hold, a path is looked for.
 */
mtls_result mtls_store_builder_pin_clients_pem(mtls_store_builder *builder,
                                               const uint8_t *pem,
                                               size_t pem_len,
                                               mtls_error **error);

/**
 * Pins one client certificate.
 */
mtls_result mtls_store_builder_pin_client_der(mtls_store_builder *builder,
                                              const uint8_t *der,
                                              size_t der_len,
                                              mtls_error **error);

/**
 * Adds the CRLs of a PEM bundle, blocks labelled `X509 CRL`. **Under the default policy every
 * certificate of a path but its anchor then needs a CRL that vouches for it**:
 * `mtls_policy_set_revocation` has the choices. `mtls_store_with_crls_pem` renews them.
 *
 * A wrong signature is no error, as only clients may present the signer. Until a CRL is known to
 * be authentic it vouches for nobody, **and it refuses the certificates that it names**. Put the
 * signers of CRLs into the store: their signatures are then verified as it is built, at no
 * client's cost where the signer has a path to a trust anchor.
 */
mtls_result mtls_store_builder_add_crl_pem(mtls_store_builder *builder,
                                           const uint8_t *pem,
                                           size_t pem_len,
                                           mtls_error **error);

/**
 * Adds one CRL, as `mtls_store_builder_add_crl_pem` does.
 */
mtls_result mtls_store_builder_add_crl_der(mtls_store_builder *builder,
                                           const uint8_t *der,
                                           size_t der_len,
                                           mtls_error **error);

/**
 * Denies what is on a list, besides what was denied before. The list is copied.
 */
mtls_result mtls_store_builder_deny(mtls_store_builder *builder, const mtls_deny_list *list);

/**
 * Builds the store, and spends the builder. An error if there is neither a trust anchor nor a
 * pinned client; where bad input was skipped, the first of it is the error, or the first that
 * OpenSSL's trust settings reject if there was good input otherwise.
 */
mtls_result mtls_store_builder_build(mtls_store_builder *builder,
                                     mtls_store **store,
                                     mtls_error **error);

/**
 * Frees a store builder; NULL is left alone.
 */
mtls_result mtls_store_builder_free(mtls_store_builder *builder);

/**
 * A verifier that remembers nothing yet. It keeps what it needs of the store, and a copy of the
 * policy: what changes the policy later does not change the verifier.
 */
mtls_result mtls_verifier_new(const mtls_store *store,
                              const mtls_policy *policy,
                              mtls_verifier **verifier);

/**
 * Verifies the chain that a client presented, as `mtls_verify_client_chain` does with this
 * verifier's store and policy.
 */
mtls_result mtls_verifier_verify(const mtls_verifier *verifier,
                                 const mtls_bytes *chain,
                                 size_t count,
                                 int64_t unix_time,
                                 mtls_client **client,
                                 mtls_error **error);

/**
 * Takes another store, and forgets what was verified under the one before. The policy stays.
 * Verifications under way are not waited for; they end with the store that they began with.
 *
 * `MTLS_RESULT_NO_CRLS`, and the store in use stays, if it has CRLs and the new one has none: with
 * `MTLS_REVOCATION_SCOPE_AUTO`, and where unknown status is allowed. With
 * `MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED` that is also so if an issuer has a CRL in the store in
 * use and none in the new one. To go on without these CRLs, make a new verifier.
 */
mtls_result mtls_verifier_replace_store(mtls_verifier *verifier, const mtls_store *store);

/**
 * Takes another store and a copy of another policy in one step, and forgets what was verified
 * under those before. No client is judged by the one and not the other: verifications under way
 * end with the store and the policy that they began with.
 *
 * `MTLS_RESULT_NO_CRLS`, and both stay in use, as for `mtls_verifier_replace_store`, under the new
 * policy and under the one in use. To do without CRLs, replace the policy first, with a store that
 * still has them.
 */
mtls_result mtls_verifier_replace(mtls_verifier *verifier,
                                  const mtls_store *store,
                                  const mtls_policy *policy);

/**
 * The store that it has now, as an object of its own, to be freed: to renew its CRLs, for
 * instance.
 */
mtls_result mtls_verifier_store(const mtls_verifier *verifier, mtls_store **store);

/**
 * Frees a verifier; NULL is left alone. What it verified stays.
 */
mtls_result mtls_verifier_free(mtls_verifier *verifier);

/**
 * Verifies the chain that a client presented: `count` certificates in DER, the client's own first,
 * at a time in seconds since 1970 (UTC). The buffers are not kept. A client that presents nothing
 * is a `count` of 0, and refused; a `count` of more than 10,000 is `MTLS_RESULT_TOO_LONG` without
 * a look at them.
 *
 * On success `client` is who it is, to be freed. On failure `client` is left alone, and `error`,
 * unless NULL, is why. It depends on nothing but what it is given: it reads no clock and opens
 * nothing. All that it notes, in the store, is which keys made the signatures of CRLs and of
 * self-signed anchors. That changes no verdict. A verifier remembers more.
 */
mtls_result mtls_verify_client_chain(const mtls_store *store,
                                     const mtls_bytes *chain,
                                     size_t count,
                                     int64_t unix_time,
                                     const mtls_policy *policy,
                                     mtls_client **client,
                                     mtls_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MTLS_VERIFY_H */
