//! DER as a tree that can be written in other ways than DER has.

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    /// The identifier octet. Tags above 30 are not read.
    pub(crate) tag: u8,
    pub(crate) length: Length,
    pub(crate) content: Content,
}

/// How the length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// As DER has it.
    Shortest,
    /// In long form, with so many octets more than it needs.
    Longer(usize),
    /// In indefinite form: two zero octets end the content.
    Indefinite,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Elements. The OCTET STRING of an extension is read as such if it holds DER.
    Elements(Vec<Tree>),
    Octets(Vec<u8>),
    /// The signature of what it is written with: a BIT STRING of whole octets.
    Signature,
}

impl Tree {
    pub(crate) fn new(tag: u8, content: Content) -> Self {
        Self {
            tag,
            length: Length::Shortest,
            content,
        }
    }

    /// The one element that these octets are.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let mut elements = read_all(der)?;
        (elements.len() == 1).then(|| elements.remove(0))
    }

    /// The octets; a signature is empty.
    pub(crate) fn write(&self) -> Vec<u8> {
        self.write_with(&[])
    }

    fn write_with(&self, signature: &[u8]) -> Vec<u8> {
        let content = match &self.content {
            Content::Elements(inner) => inner
                .iter()
                .flat_map(|one| one.write_with(signature))
                .collect(),
            Content::Octets(octets) => octets.clone(),
            Content::Signature => [&[0], signature].concat(),
        };
        let mut written = vec![self.tag];
        let size = content.len();
        let octets = size.to_be_bytes();
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        match self.length {
            Length::Shortest if size < 0x80 => written.push(octets[7]),
            Length::Shortest => {
                written.push(0x80 | (8 - zeros) as u8);
                written.extend(&octets[zeros..]);
            }
            Length::Longer(more) => {
                // A short length needs no octet behind the first.
                let needed = if size < 0x80 { 8 } else { zeros };
                let first = needed.saturating_sub(more);
                written.push(0x80 | (8 - first) as u8);
                written.extend(&octets[first..]);
            }
            Length::Indefinite => written.push(0x80),
        }
        written.extend(content);
        if self.length == Length::Indefinite {
            written.extend([0, 0]);
        }
        written
    }

    /// The octets of a certificate or CRL, with a signature over its first element.
    pub(crate) fn write_signed(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let to_sign = self.inner().first().map(Self::write);
        self.write_with(&sign(&to_sign.unwrap_or_default()))
    }

    /// The elements that it holds.
    pub(crate) fn inner(&self) -> &[Tree] {
        match &self.content {
            Content::Elements(inner) => inner,
            Content::Octets(_) | Content::Signature => &[],
        }
    }

    pub(crate) fn inner_mut(&mut self) -> Option<&mut Vec<Tree>> {
        match &mut self.content {
            Content::Elements(inner) => Some(inner),
            Content::Octets(_) | Content::Signature => None,
        }
    }

    /// The element at a place: the index at each level.
    pub(crate) fn at(&self, place: &[usize]) -> Option<&Tree> {
        let mut found = self;
        for index in place {
            found = found.inner().get(*index)?;
        }
        Some(found)
    }

    pub(crate) fn at_mut(&mut self, place: &[usize]) -> Option<&mut Tree> {
        let mut found = self;
        for index in place {
            found = found.inner_mut()?.get_mut(*index)?;
        }
        Some(found)
    }

    /// The places of all elements but this one itself, in the order they are written in.
    pub(crate) fn places(&self) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        self.add_places(&mut Vec::new(), &mut all);
        all
    }

    fn add_places(&self, above: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        for (index, one) in self.inner().iter().enumerate() {
            above.push(index);
            all.push(above.clone());
            one.add_places(above, all);
            above.pop();
        }
    }

    /// Puts `new` wherever `old` stands.
    pub(crate) fn replace(&mut self, old: &Tree, new: &Tree) {
        if self == old {
            self.clone_from(new);
        } else if let Some(inner) = self.inner_mut() {
            inner.iter_mut().for_each(|one| one.replace(old, new));
        }
    }

    /// Whether it is a Name: a SEQUENCE of SETs, not empty.
    pub(crate) fn is_name(&self) -> bool {
        let inner = self.inner();
        self.tag == 0x30 && !inner.is_empty() && inner.iter().all(|one| one.tag == 0x31)
    }

    /// Whether it is an extension: an OBJECT IDENTIFIER, perhaps a BOOLEAN, an OCTET STRING.
    pub(crate) fn is_extension(&self) -> bool {
        let tags: Vec<u8> = self.inner().iter().map(|one| one.tag).collect();
        self.tag == 0x30 && matches!(tags[..], [6, 4] | [6, 1, 4])
    }
}

/// Elements and nothing else, at least one.
fn read_all(mut der: &[u8]) -> Option<Vec<Tree>> {
    let mut elements = Vec::new();
    while let [tag, first, rest @ ..] = der {
        let count = match first {
            0x80..=0x83 => usize::from(first & 0x7F),
            0x84.. => return None,
            _ => 0,
        };
        let (octets, rest) = rest.split_at_checked(count)?;
        let size = match first {
            0x80.. => octets
                .iter()
                .fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
            size => usize::from(*size),
        };
        let (content, rest) = rest.split_at_checked(size)?;
        der = rest;
        let inner = (tag & 0x20 != 0 || *tag == 0x04)
            .then(|| read_all(content))
            .flatten();
        let content = inner.map_or_else(|| Content::Octets(content.to_vec()), Content::Elements);
        elements.push(Tree::new(*tag, content));
    }
    (der.is_empty() && !elements.is_empty()).then_some(elements)
}
