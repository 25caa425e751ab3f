//! A name, written down in some way.

use testpki::{Name, der};

/// Where a certificate has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the subjectAltName, alone: a GeneralName.
    Alternative,
    /// It is the subject.
    Subject,
    /// In the subjectAltName, beside this subject.
    Beside(Vec<u8>),
}

/// A name: its DER, and what is known of it by hand.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// For people.
    pub(crate) shown: String,
    /// A GeneralName, or a Name if it is a subject. Empty: there is none.
    pub(crate) der: Vec<u8>,
    pub(crate) place: Place,
    /// The form that binds it: the tag of a GeneralName, and the type of an otherName.
    pub(crate) form: Vec<u8>,
    /// Whether it says something in its form. Of others nobody knows what they say.
    pub(crate) is_known: bool,
}

impl Written {
    /// A primitive GeneralName.
    pub(crate) fn text(tag: u8, octets: &[u8], is_known: bool) -> Self {
        Self {
            shown: shown(octets),
            der: der::tlv(tag, octets),
            place: Place::Alternative,
            form: vec![tag],
            is_known,
        }
    }

    /// A directory name, known or not: it is a subtree, and a name.
    pub(crate) fn directory(what: &str, name: &Name) -> Self {
        Self {
            shown: what.to_owned(),
            der: der::tlv(0xA4, name.der()),
            place: Place::Alternative,
            form: vec![0xA4],
            is_known: true,
        }
    }

    /// The same directory name as the subject.
    pub(crate) fn as_subject(&self) -> Self {
        Self {
            der: self.name(),
            place: Place::Subject,
            ..self.clone()
        }
    }

    /// The Name inside of a directoryName.
    pub(crate) fn name(&self) -> Vec<u8> {
        der::contents(&self.der).to_vec()
    }
}

/// Octets for people, cut.
pub(crate) fn shown(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(&octets[..octets.len().min(60)]);
    format!("{text:?} ({})", octets.len())
}
