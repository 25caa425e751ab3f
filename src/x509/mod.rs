//! Borrowed views over DER: the one place where outside bytes are read.
//!
//! Past this module nobody looks at bytes to find out what they mean. A certificate is parsed once,
//! without allocating, into [`Fields`]: positions and small values, no lifetime. Together with its
//! bytes it is a [`Certificate`], a view that costs two pointers to pass around.

mod attribute_type;
mod ca;
mod certificate;
mod crl;
mod crl_entry;
mod crl_form;
mod der;
mod directory_string;
mod display;
mod distribution_point;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod ecdsa_encodings;
mod extension;
mod extensions;
mod forms;
mod general_name;
mod host;
mod mailbox;
mod name;
mod name_constraints;
mod name_key;
mod name_match;
mod name_table;
mod oid;
mod policies;
mod problem;
mod pss;
mod public_key;
mod refused;
mod seen;
mod strict_form;
mod text;
mod time;
mod uri;

pub use ca::NotACa;
pub use crl_entry::RevocationReason;
pub use crl_form::CrlFormRule;
pub use extensions::KeyUsage;
pub use oid::{InvalidOid, Oid};
pub use problem::{ParseError, Problem};
pub use strict_form::EncodingRule;
pub use time::CalendarTime;

pub(crate) use certificate::{Certificate, Fields, Version};
pub(crate) use crl::{Crl, CrlError, has_crl, issuer_of_crl};
pub(crate) use crl_entry::{CERTIFICATE_HOLD, Entry as CrlEntry, REMOVE_FROM_CRL};
pub(crate) use der::{Element, Reader, Span, element as der_element, only_element, tag};
pub(crate) use display::{DisplayName, ShortName, ShortText, is_invisible, oid_text};
pub(crate) use distribution_point::{
    DistributionPoint, IssuingPoint, PointName, Reasons, general_names,
};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) use ecdsa_encodings::other_encodings;
pub(crate) use extension::Extension;
pub(crate) use extensions::{ExtensionId, key_identifier_of, processed_extension};
pub(crate) use forms::{SecurityIdentifier, octets_of, psd2_of, sids_of};
pub(crate) use general_name::GeneralName;
pub(crate) use host::{is_dns_name, is_host, is_host_base, is_preferred_name};
pub(crate) use mailbox::{Mailbox, SMTP_UTF8_MAILBOX};
pub(crate) use name::{
    Attribute, attributes, attributes_of, email_attributes_of, only_name, relative_names, text_of,
};
pub(crate) use name_constraints::{is_prefix_mask, subtree_base};
pub(crate) use name_key::{name_key, plain_name_key};
pub(crate) use name_match::{
    Equality, FoldedName, canonical_name, characters_to_prepare, is_foldable,
    is_same_continued_name, is_same_name, is_surely_comparable,
};
pub(crate) use name_table::NameTable;
pub(crate) use policies::PolicyMapping;
pub(crate) use pss::{PssHash, PssKey};
pub(crate) use public_key::KeyKind;
pub(crate) use refused::subject_of_refused;
pub(crate) use strict_form::{Breach, check_certificate, malformed_form};
pub(crate) use text::Reading;
pub(crate) use time::{Rfc3339, Time, TimeForm, earliest};
pub(crate) use uri::{Uri, UriHost, is_plain_uri};
