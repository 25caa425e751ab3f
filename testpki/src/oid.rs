//! Object identifiers, dotted.

/// id-at-commonName.
pub const COMMON_NAME: &str = "2.5.4.3";
/// id-at-countryName.
pub const COUNTRY: &str = "2.5.4.6";
/// id-at-localityName.
pub const LOCALITY: &str = "2.5.4.7";
/// id-at-organizationName.
pub const ORGANIZATION: &str = "2.5.4.10";
/// id-at-organizationalUnitName.
pub const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
/// id-domainComponent.
pub const DOMAIN_COMPONENT: &str = "0.9.2342.19200300.100.1.25";
/// id-emailAddress (PKCS #9).
pub const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";

/// id-ce-subjectKeyIdentifier.
pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
/// id-ce-keyUsage.
pub const KEY_USAGE: &str = "2.5.29.15";
/// id-ce-subjectAltName.
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// id-ce-basicConstraints.
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
/// id-ce-nameConstraints.
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
/// id-ce-subjectDirectoryAttributes.
pub const SUBJECT_DIRECTORY_ATTRIBUTES: &str = "2.5.29.9";
/// id-ce-issuerAltName.
pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
/// id-ce-freshestCRL.
pub const FRESHEST_CRL: &str = "2.5.29.46";
/// id-ce-cRLNumber.
pub const CRL_NUMBER: &str = "2.5.29.20";
/// id-ce-cRLReasons: the extension of an entry.
pub const REASON_CODE: &str = "2.5.29.21";
/// id-ce-invalidityDate: the extension of an entry.
pub const INVALIDITY_DATE: &str = "2.5.29.24";
/// id-ce-deltaCRLIndicator.
pub const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
/// id-ce-issuingDistributionPoint.
pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
/// id-ce-certificateIssuer: the extension of an entry.
pub const CERTIFICATE_ISSUER: &str = "2.5.29.29";
/// id-pe-authorityInfoAccess.
pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
/// id-pe-subjectInfoAccess.
pub const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
/// id-ad-ocsp.
pub const OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// id-ad-caIssuers.
pub const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
/// id-ce-expiredCertsOnCRL (X.509).
pub const EXPIRED_CERTS_ON_CRL: &str = "2.5.29.60";
/// id-ce-cRLDistributionPoints.
pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
/// id-ce-certificatePolicies.
pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
/// id-ce-authorityKeyIdentifier.
pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
/// id-ce-policyMappings.
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
/// id-ce-policyConstraints.
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// id-ce-inhibitAnyPolicy.
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
/// anyPolicy.
pub const ANY_POLICY: &str = "2.5.29.32.0";
/// id-ce-extKeyUsage.
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// anyExtendedKeyUsage.
pub const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";
/// id-kp-serverAuth.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// id-kp-clientAuth.
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// id-kp-codeSigning.
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";

/// The otherName of a Microsoft user principal name.
pub const UPN: &str = "1.3.6.1.4.1.311.20.2.3";
/// An extension that nobody knows: below the example arc of RFC 5612.
pub const UNKNOWN_EXTENSION: &str = "1.3.6.1.4.1.32473.1.1";

/// The signature algorithm of hashed keys, below the same arc.
pub const HASHED_SIGNATURE: &str = "1.3.6.1.4.1.32473.1.2";

/// id-ecPublicKey.
pub const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
/// The curve secp256r1 (P-256).
pub const P256: &str = "1.2.840.10045.3.1.7";
/// The curve secp384r1 (P-384).
pub const P384: &str = "1.3.132.0.34";
/// secp521r1, that is P-521.
pub const P521: &str = "1.3.132.0.35";
/// The curve secp192r1 (P-192).
pub const P192: &str = "1.2.840.10045.3.1.1";
/// The curve secp224r1 (P-224).
pub const P224: &str = "1.3.132.0.33";
/// The curve secp256k1.
pub const SECP256K1: &str = "1.3.132.0.10";
/// rsaEncryption.
pub const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
/// id-dsa.
pub const DSA: &str = "1.2.840.10040.4.1";
/// id-X25519.
pub const X25519: &str = "1.3.101.110";
/// id-Ed25519, both the key type and the signature algorithm.
pub const ED25519: &str = "1.3.101.112";
/// id-Ed448.
pub const ED448: &str = "1.3.101.113";

/// md5WithRSAEncryption.
pub const MD5_WITH_RSA: &str = "1.2.840.113549.1.1.4";
/// sha1WithRSAEncryption.
pub const SHA1_WITH_RSA: &str = "1.2.840.113549.1.1.5";
/// id-mgf1.
pub const MGF1: &str = "1.2.840.113549.1.1.8";
/// id-RSASSA-PSS.
pub const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
/// sha256WithRSAEncryption.
pub const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
/// sha384WithRSAEncryption.
pub const SHA384_WITH_RSA: &str = "1.2.840.113549.1.1.12";
/// sha512WithRSAEncryption.
pub const SHA512_WITH_RSA: &str = "1.2.840.113549.1.1.13";
/// ecdsa-with-SHA1.
pub const ECDSA_WITH_SHA1: &str = "1.2.840.10045.4.1";
/// ecdsa-with-SHA256.
pub const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
/// ecdsa-with-SHA384.
pub const ECDSA_WITH_SHA384: &str = "1.2.840.10045.4.3.3";
/// ecdsa-with-SHA512.
pub const ECDSA_WITH_SHA512: &str = "1.2.840.10045.4.3.4";
/// id-sha1.
pub const SHA1: &str = "1.3.14.3.2.26";
/// id-sha256.
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
/// id-sha384.
pub const SHA384: &str = "2.16.840.1.101.3.4.2.2";
/// id-sha512.
pub const SHA512: &str = "2.16.840.1.101.3.4.2.3";
