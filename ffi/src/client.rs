//! Verified clients.

use std::net::IpAddr;
use std::sync::OnceLock;

use mtls_verify::client::RevocationStatus;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{Identity, VerifiedClient};

use super::error::{Failure, MtlsResult};
use super::extensions::ToProcess;
use super::pointers::{ErrorOut, MtlsBytes, Out, borrow, free, guard};
use super::policy_choices::MtlsNameKind;
use super::store::at;
use super::text::{Handle, MtlsStr, Text};

/// A client that was verified. It owns what it says, so it can go into a session; store, verifier
/// and policy may be freed before it. Text and bytes that its functions give out belong to it, and
/// are there until it is freed.
///
/// Where a certificate leaves open which of several values is meant, there is none
/// (`MTLS_RESULT_ABSENT`): to pick one would let the holder of the certificate and the server
/// disagree on who it is. Text with a NUL character inside is an error
/// (`MTLS_RESULT_TEXT_HAS_NUL`): C code would take a part of it for the whole.
#[derive(Debug)]
pub struct MtlsClient {
    pub(crate) client: VerifiedClient,
    /// What C reads of it, made when it is first asked for.
    texts: OnceLock<Texts>,
    path: OnceLock<Vec<OnPath>>,
    policies: OnceLock<Vec<Text>>,
    to_process: OnceLock<Vec<ToProcess>>,
}

#[derive(Debug)]
struct Texts {
    subject: Text,
    issuer: Text,
    serial: Text,
    common_name: Option<Text>,
    spiffe_id: Option<Text>,
    user_principal_name: Option<Text>,
    dns_names: Vec<Text>,
    email_addresses: Vec<Text>,
    uris: Vec<Text>,
    ip_addresses: Vec<Text>,
    organizational_units: Vec<Text>,
}

#[derive(Debug)]
pub(crate) struct OnPath {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) subject: Text,
    pub(crate) revocation: RevocationStatus,
}

impl Handle for MtlsClient {
    const NAME: &'static str = "mtls_client";
}

impl MtlsClient {
    pub(crate) fn new(client: VerifiedClient) -> Self {
        Self {
            client,
            texts: OnceLock::new(),
            path: OnceLock::new(),
            policies: OnceLock::new(),
            to_process: OnceLock::new(),
        }
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| Texts::of(self.client.identity()))
    }

    pub(crate) fn path(&self) -> &[OnPath] {
        self.path.get_or_init(|| {
            let client = &self.client;
            let parts = client.path().zip(client.path_subjects());
            parts
                .zip(client.path_revocation())
                .map(|((certificate, subject), revocation)| OnPath {
                    certificate: certificate.into_owned(),
                    subject: Text::message(&subject),
                    revocation,
                })
                .collect()
        })
    }

    pub(crate) fn to_process(&self) -> &[ToProcess] {
        self.to_process.get_or_init(|| {
            let left = self.client.extensions_to_process();
            left.iter().map(ToProcess::new).collect()
        })
    }

    pub(crate) fn policies(&self) -> &[Text] {
        self.policies.get_or_init(|| {
            let policies = self.client.policies();
            policies
                .iter()
                .map(|id| Text::new(&id.to_string()))
                .collect()
        })
    }
}

impl Texts {
    fn of(identity: Identity<'_>) -> Self {
        let address = |address: IpAddr| Text::new(&address.to_string());
        Self {
            // Shown, and not to be compared: they have their NULs escaped.
            subject: Text::message(&identity.subject()),
            issuer: Text::message(&identity.issuer()),
            serial: Text::new(&identity.serial()),
            common_name: identity.common_name().map(|name| Text::new(&name)),
            spiffe_id: identity.spiffe_id().map(Text::new),
            user_principal_name: identity.user_principal_name().map(|name| Text::new(&name)),
            dns_names: identity.dns_names().map(Text::new).collect(),
            email_addresses: identity.email_addresses().map(Text::new).collect(),
            uris: identity.uris().map(Text::new).collect(),
            ip_addresses: identity.ip_addresses().map(address).collect(),
            organizational_units: identity
                .organizational_units()
                .map(|unit| Text::new(&unit))
                .collect(),
        }
    }

    fn of_kind(&self, kind: u32) -> Result<&[Text], Failure> {
        Ok(match kind {
            kind if kind == MtlsNameKind::Dns as u32 => &self.dns_names,
            kind if kind == MtlsNameKind::Email as u32 => &self.email_addresses,
            kind if kind == MtlsNameKind::Uri as u32 => &self.uris,
            kind if kind == MtlsNameKind::Ip as u32 => &self.ip_addresses,
            kind if kind == MtlsNameKind::CommonName as u32 => self.common_name.as_slice(),
            kind if kind == MtlsNameKind::OrganizationalUnit as u32 => &self.organizational_units,
            kind if kind == MtlsNameKind::SpiffeId as u32 => self.spiffe_id.as_slice(),
            kind => return Err(Failure::value("mtls_name_kind", kind)),
        })
    }
}

/// The subject as an RFC 4514 string, most specific part first: `CN=device 7,O=Example`. To compare
/// names, compare DER or single attributes, never this.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_subject(
    client: *const MtlsClient,
    subject: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, subject, |client| {
            client.texts().subject.view().map_err(Failure::from)
        })
    }
}

/// The issuer's name, as `mtls_client_subject`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_issuer(
    client: *const MtlsClient,
    issuer: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, issuer, |client| {
            client.texts().issuer.view().map_err(Failure::from)
        })
    }
}

/// The DER of the subject's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_subject_der(
    client: *const MtlsClient,
    der: *mut MtlsBytes,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller. The identity borrows from the client.
    unsafe {
        read_bytes(client, der, |client| {
            Ok(client.client.identity().subject_der())
        })
    }
}

/// The DER of the issuer's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_issuer_der(
    client: *const MtlsClient,
    der: *mut MtlsBytes,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read_bytes(client, der, |client| {
            Ok(client.client.identity().issuer_der())
        })
    }
}

/// The common name of the subject; absent if there is none, or more than one, or it is not text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_common_name(
    client: *const MtlsClient,
    name: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(client, name, |client| present(&client.texts().common_name)) }
}

/// The SPIFFE ID: the one URI of the subjectAltName, if it is `spiffe://`, a trust domain and a
/// path. Absent if there are several URIs, whether they can be read or not, and from certificates
/// of CAs or with keyCertSign or cRLSign, or with a keyUsage without digitalSignature.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_spiffe_id(
    client: *const MtlsClient,
    spiffe_id: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, spiffe_id, |client| {
            present(&client.texts().spiffe_id)
        })
    }
}

/// The user principal name of a Windows or smart-card certificate (otherName 1.3.6.1.4.1.311.20.2.3
/// of the subjectAltName); absent if there is none, or more than one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_user_principal_name(
    client: *const MtlsClient,
    name: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, name, |client| {
            present(&client.texts().user_principal_name)
        })
    }
}

/// How many names of a kind there are: one of `mtls_name_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_name_count(
    client: *const MtlsClient,
    kind: u32,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, count, |client| {
            Ok(client.texts().of_kind(kind)?.len())
        })
    }
}

/// A name of a kind, by its index from 0, as it is written in the certificate; IP addresses as
/// text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_name(
    client: *const MtlsClient,
    kind: u32,
    index: usize,
    name: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, name, |client| {
            Ok(at(client.texts().of_kind(kind)?, index)?.view()?)
        })
    }
}

/// The serial number in upper-case hexadecimal, two digits a byte: `03A5B1`; of a negative number
/// `-` and its magnitude.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_serial(
    client: *const MtlsClient,
    serial: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, serial, |client| {
            client.texts().serial.view().map_err(Failure::from)
        })
    }
}

/// The content octets of the serial number: two's complement, big-endian.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_serial_bytes(
    client: *const MtlsClient,
    serial: *mut MtlsBytes,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read_bytes(client, serial, |client| {
            Ok(client.client.identity().serial_bytes())
        })
    }
}

/// Writes the SHA-256 of the client's certificate to `sha256`, which must have room for 32 bytes,
/// and `sha256_len` must be 32.
///
/// It is good for logs and does not name a client: it covers the signature, and a client can
/// present a second encoding of a certificate that was signed with ECDSA, which verifies as well
/// and has another SHA-256.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_fingerprint_sha256(
    client: *const MtlsClient,
    sha256: *mut u8,
    sha256_len: usize,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (client, out) = unsafe {
            (
                borrow(client)?,
                Out::new(sha256.cast::<[u8; 32]>(), "sha256")?,
            )
        };
        if sha256_len != 32 {
            let message = format!("sha256: room for {sha256_len} bytes; a SHA-256 has 32");
            return Err(Failure::usage(MtlsResult::InvalidValue, message));
        }
        out.put(client.client.identity().fingerprint_sha256())
    })
}

/// Frees a client; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_free(client: *mut MtlsClient) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(client) }
}

fn present(text: &Option<Text>) -> Result<MtlsStr, Failure> {
    Ok(text.as_ref().ok_or_else(Failure::absent)?.view()?)
}

/// # Safety
/// As the contract in `lib.rs` has it.
pub(crate) unsafe fn read<T>(
    client: *const MtlsClient,
    out: *mut T,
    read: impl FnOnce(&MtlsClient) -> Result<T, Failure>,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        let (client, out) = unsafe { (borrow(client)?, Out::new(out, "result")?) };
        out.put(read(client)?)
    })
}

/// The bytes have to be borrowed from the client, which the lifetimes see to.
///
/// # Safety
/// As the contract in `lib.rs` has it.
pub(crate) unsafe fn read_bytes(
    client: *const MtlsClient,
    out: *mut MtlsBytes,
    bytes: impl for<'a> FnOnce(&'a MtlsClient) -> Result<&'a [u8], Failure>,
) -> MtlsResult {
    // SAFETY: promised by the caller.
    unsafe { read(client, out, |client| Ok(MtlsBytes::of(bytes(client)?))) }
}
