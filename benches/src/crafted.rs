//! Input that is made to be costly to load, of any size.

use std::iter;

use testpki::{
    Cert, Crl, Entry, Extension, GeneralName, IssuingDistributionPoint, Key, Name, Pem, crafted,
    der, pem,
};

/// Input of about so many bytes for one kind of loading.
pub enum Input {
    /// A PEM bundle of CAs, and names that none of them has.
    Cas(Vec<u8>, Vec<Name>),
    /// A PEM bundle of which not all is good.
    Rubbish(Vec<u8>),
    /// A bundle of CAs, CRLs of the first of them as one PEM text, and serial numbers to look for.
    Crls(Vec<u8>, Vec<u8>, Vec<Vec<u8>>),
    /// Issuers of denied certificates, each with the serial number 7.
    Denied(Vec<Name>),
}

/// Each kind of input, for [`Input::new`].
pub const KINDS: [&str; 17] = [
    "cas-one-key",
    "cas-one-name",
    "cas-spellings",
    "cas-policies",
    "cas-equal",
    "junk-lines",
    "junk-long-line",
    "junk-boundaries",
    "crl-crafted",
    "crl-equal",
    "crl-sorted",
    "crl-extensions",
    "crl-issuers",
    "crls-one-issuer",
    "crls-one-key",
    "crls-one-name",
    "deny",
];

impl Input {
    /// The input of a kind, of about so many bytes.
    pub fn new(kind: &str, bytes: usize) -> Self {
        match kind {
            "cas-one-key" => {
                let mut names = crafted::names_of_one_key();
                let cas: Vec<Vec<u8>> = Template::ca().with_names(&mut names, bytes).collect();
                let absent = names.take(cas.len() / 16).collect();
                Self::Cas(pem::bundle(&cas).into(), absent)
            }
            "cas-one-name" => Self::Cas(cas_of_one_name(bytes), one_name(1)),
            "cas-spellings" => {
                let mut names = spellings();
                let cas: Vec<Vec<u8>> = Template::ca().with_names(&mut names, bytes).collect();
                Self::Cas(pem::bundle(&cas).into(), one_name(cas.len() / 16))
            }
            "cas-policies" => {
                let policies: Vec<String> = (0..1_000)
                    .map(|number| format!("1.3.6.1.4.1.{number}"))
                    .collect();
                let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
                let extension = Extension::certificate_policies(&policies);
                let template = Template::new(&ca().extension(extension));
                let cas: Vec<Vec<u8>> = template.with_serials(bytes).collect();
                Self::Cas(pem::bundle(&cas).into(), one_name(1))
            }
            "cas-equal" => {
                let one = Template::ca().der;
                let cas = vec![one.as_slice(); bytes * 3 / 4 / one.len()];
                Self::Cas(pem::bundle(&cas).into(), one_name(1))
            }
            "junk-lines" => Self::Rubbish(junk(
                bytes,
                "# --- a comment\n\u{2014}\u{2014} BEGIN of \u{e4} ---\n\n  \t \r\n\u{feff}Subject: CN=-----\n",
            )),
            "junk-long-line" => Self::Rubbish(junk(bytes, "-- BEGIN X END -----BEGI \u{2014} ")),
            "junk-boundaries" => Self::Rubbish(junk(
                bytes,
                "-----END X----------BEGIN X-----\n-----BEGIN CERTIFICATE----\n-----END Y-----\n-----BEGIN Z-----\nM!\n",
            )),
            "crl-crafted" => {
                let key = crafted::serial_hash_key(SIGNATURE);
                let mut serials = crafted::serials_of_one_hash(key);
                let wanted = crafted::serials_of_one_hash(key).take(bytes >> 10);
                let entries = encoded_entries(&mut serials, bytes);
                Self::crl(Crl::of(&ca()), entries, wanted.collect())
            }
            "crl-equal" => {
                let entries = encoded_entries(&mut iter::repeat(vec![7]), bytes);
                Self::crl(Crl::of(&ca()), entries, vec![vec![7]; bytes >> 10])
            }
            "crl-sorted" => {
                let serials = || (0x4000_0000u32..).map(|number| number.to_be_bytes().to_vec());
                let entries = encoded_entries(&mut serials(), bytes);
                Self::crl(
                    Crl::of(&ca()),
                    entries,
                    serials().take(bytes >> 10).collect(),
                )
            }
            "crl-extensions" => {
                let arcs = (0..60).map(|arc| Extension::new(&format!("1.2.3.{arc}"), der::null()));
                let entry = arcs
                    .fold(Entry::serial(&[7]), Entry::another_extension)
                    .der();
                let entries = entry.repeat(bytes / entry.len());
                Self::crl(Crl::of(&ca()), entries, Vec::new())
            }
            "crl-issuers" => {
                let names: Vec<Name> = crafted::names_of_one_key().take(4_000).collect();
                let encoded: Vec<Vec<u8>> = names
                    .iter()
                    .map(|name| {
                        let name = GeneralName::directory(name);
                        let issuer = Extension::certificate_issuer(&[name]);
                        Entry::serial(&[7]).extension(issuer).der()
                    })
                    .collect();
                let count = bytes / encoded[0].len();
                let entries = encoded
                    .iter()
                    .cycle()
                    .take(count)
                    .flatten()
                    .copied()
                    .collect();
                let point = IssuingDistributionPoint::new().indirect();
                Self::crl(
                    Crl::of(&ca()).point(&point),
                    entries,
                    vec![vec![7]; bytes >> 10],
                )
            }
            // As many bytes of CAs with that name: each CRL might be by each of them.
            "crls-one-issuer" => {
                let template = Template::new_crl(&Crl::of(&ca()), &[]);
                let crls = template.with_number(bytes / 2);
                Self::Crls(cas_of_one_name(bytes / 2), crl_bundle(crls), Vec::new())
            }
            "crls-one-key" => {
                let mut names = crafted::names_of_one_key();
                let crl =
                    Crl::of(&ca()).issuer(crafted::names_of_one_key().next().expect("a name"));
                let crls = Template::new_crl(&crl, &[]).with_names(&mut names, bytes);
                Self::Crls(ca_bundle(), crl_bundle(crls), Vec::new())
            }
            "crls-one-name" => {
                let mut names = spellings();
                let crl = Crl::of(&ca()).issuer(names.next().expect("a name"));
                let crls = Template::new_crl(&crl, &[]).with_names(&mut names, bytes);
                Self::Crls(ca_bundle(), crl_bundle(crls), Vec::new())
            }
            "deny" => {
                let names = crafted::names_of_one_key();
                Self::Denied(names.take(bytes / 32).collect())
            }
            other => panic!("unknown kind {other:?}; there are {KINDS:?}"),
        }
    }

    fn crl(crl: Crl, entries: Vec<u8>, wanted: Vec<Vec<u8>>) -> Self {
        let crl = Template::new_crl(&crl, &entries).der;
        Self::Crls(ca_bundle(), crl_bundle(iter::once(crl)), wanted)
    }
}

/// The CA that issues all CRLs.
pub fn ca() -> Cert {
    let name = Name::cn(NAME);
    Cert::ca("CA", &Key::p256("crafted"))
        .subject(name.clone())
        .issuer(name)
        .serial(&[0x40; 9])
}

const NAME: &str = "abcdefghijklmnopqrstuvwxyzabcdef";
/// The content of a BIT STRING: what it says does not matter where all signatures are taken for
/// good.
const SIGNATURE: &[u8] = &[0x5a; 64];

fn ca_bundle() -> Vec<u8> {
    pem::bundle(&[ca().der()]).into()
}

fn cas_of_one_name(bytes: usize) -> Vec<u8> {
    let cas: Vec<Vec<u8>> = Template::ca().with_serials(bytes).collect();
    pem::bundle(&cas).into()
}

/// The name of [`ca`], so many times.
fn one_name(count: usize) -> Vec<Name> {
    vec![Name::cn(NAME); count]
}

/// That name with letters in lower and upper case.
fn spellings() -> impl Iterator<Item = Name> {
    (0u32..).map(|bits| {
        let letters = NAME
            .chars()
            .enumerate()
            .map(|(at, letter)| match bits >> at & 1 {
                0 => letter,
                _ => letter.to_ascii_uppercase(),
            });
        Name::cn(&letters.collect::<String>())
    })
}

fn junk(bytes: usize, junk: &str) -> Vec<u8> {
    let block = Pem::certificate(&ca().der()).to_string();
    let part = format!("{}\n{block}", junk.repeat(8_192 / junk.len()));
    part.repeat(bytes / part.len()).into()
}

fn encoded_entries(serials: &mut impl Iterator<Item = Vec<u8>>, bytes: usize) -> Vec<u8> {
    let mut entries = Vec::with_capacity(bytes + 64);
    while entries.len() < bytes {
        let serial = der::integer(&serials.next().expect("any number of them"));
        let entry = der::sequence(&[serial, der::utc_time("260301000000Z")]);
        entries.extend_from_slice(&entry);
    }
    entries
}

fn crl_bundle(crls: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let blocks = crls.map(|crl| Pem::new("X509 CRL", &crl).to_string());
    blocks.collect::<String>().into()
}

/// DER of which some bytes are replaced by as many others: faster than encoding and signing each.
struct Template {
    der: Vec<u8>,
    /// The name in it.
    name: Vec<u8>,
}

impl Template {
    fn ca() -> Self {
        Self::new(&ca())
    }

    fn new(ca: &Cert) -> Self {
        Self {
            der: ca.der(),
            name: ca.subject_name().der().to_vec(),
        }
    }

    /// A CRL with these entries, and another signature.
    fn new_crl(crl: &Crl, entries: &[u8]) -> Self {
        let whole = crl
            .clone()
            .number(NUMBER)
            .raw_entries(entries.to_vec())
            .der();
        let (tbs, rest) = der::split_first(der::contents(&whole));
        let (algorithm, _) = der::split_first(rest);
        let der = der::sequence(&[tbs, algorithm, &der::bit_string(SIGNATURE)]);
        // version, signature, issuer
        let (_, rest) = der::split_first(der::contents(tbs));
        let (_, rest) = der::split_first(rest);
        let (name, _) = der::split_first(rest);
        let name = name.to_vec();
        Self { der, name }
    }

    /// With other names of the same length, of about so many bytes as PEM.
    fn with_names(
        self,
        names: &mut impl Iterator<Item = Name>,
        bytes: usize,
    ) -> impl Iterator<Item = Vec<u8>> {
        let count = bytes * 3 / 4 / self.der.len();
        let names: Vec<Name> = names.take(count).collect();
        let own_length = names
            .first()
            .is_none_or(|name| name.der().len() == self.name.len());
        let template = match own_length {
            true => self,
            // Names of another length: encoded once with the first of them.
            false => {
                let name = names[0].clone();
                Self::new(&ca().subject(name.clone()).issuer(name))
            }
        };
        names
            .into_iter()
            .map(move |name| template.with(&template.name, name.der()))
    }

    /// With other serial numbers.
    fn with_serials(self, bytes: usize) -> impl Iterator<Item = Vec<u8>> {
        self.numbered([0x40; 8], bytes)
    }

    /// With other CRL numbers.
    fn with_number(self, bytes: usize) -> impl Iterator<Item = Vec<u8>> {
        self.numbered(NUMBER.to_be_bytes(), bytes)
    }

    fn numbered(self, old: [u8; 8], bytes: usize) -> impl Iterator<Item = Vec<u8>> {
        let count = (bytes * 3 / 4 / self.der.len()) as u64;
        (0..count).map(move |number| self.with(&old, &(NUMBER + number).to_be_bytes()))
    }

    fn with(&self, old: &[u8], new: &[u8]) -> Vec<u8> {
        let mut der = self.der.clone();
        let places: Vec<usize> = (0..der.len())
            .filter(|at| self.der[*at..].starts_with(old))
            .collect();
        for at in places {
            der[at..at + old.len()].copy_from_slice(new);
        }
        der
    }
}

const NUMBER: u64 = 0x4041_4243_0000_0000;
