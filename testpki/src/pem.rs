//! PEM, in the forms that are found in the wild.

use base64ct::{Base64, Encoding};

/// One PEM block and the text before it.
#[derive(Clone, Debug)]
pub struct Pem {
    label: String,
    end_label: Option<String>,
    contents: Vec<u8>,
    width: usize,
    line_end: &'static str,
    text_before: String,
}

impl Pem {
    /// A `CERTIFICATE` block: 64 columns, LF, nothing before.
    pub fn certificate(der: &[u8]) -> Self {
        Self::new("CERTIFICATE", der)
    }

    /// A block with any label: 64 columns, LF, nothing before.
    pub fn new(label: &str, contents: &[u8]) -> Self {
        Self {
            label: label.to_owned(),
            end_label: None,
            contents: contents.to_vec(),
            width: 64,
            line_end: "\n",
            text_before: String::new(),
        }
    }

    /// Breaks the base64 lines at this column.
    pub fn width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// Writes all base64 on one line.
    pub fn single_line(self) -> Self {
        self.width(usize::MAX)
    }

    /// Ends lines with CR LF.
    pub fn crlf(mut self) -> Self {
        self.line_end = "\r\n";
        self
    }

    /// Ends the block with another label than it began with.
    pub fn end_label(mut self, label: &str) -> Self {
        self.end_label = Some(label.to_owned());
        self
    }

    /// Puts this text before the block, as it is: it brings its own line ends.
    pub fn text_before(mut self, text: &str) -> Self {
        self.text_before = text.to_owned();
        self
    }
}

impl std::fmt::Display for Pem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            label, line_end, ..
        } = self;
        let end_label = self.end_label.as_ref().unwrap_or(label);
        write!(f, "{}-----BEGIN {label}-----{line_end}", self.text_before)?;
        let base64 = Base64::encode_string(&self.contents);
        let mut rest = base64.as_str();
        while !rest.is_empty() {
            // Base64 is ASCII: any index is a character boundary.
            let (line, after) = rest.split_at(rest.len().min(self.width));
            write!(f, "{line}{line_end}")?;
            rest = after;
        }
        write!(f, "-----END {end_label}-----{line_end}")
    }
}

/// Certificates as one PEM text, in the usual form.
pub fn bundle<T: AsRef<[u8]>>(certificates: &[T]) -> String {
    certificates
        .iter()
        .map(|der| Pem::certificate(der.as_ref()).to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block() {
        let pem = Pem::new("X", &[0; 6])
            .width(4)
            .crlf()
            .text_before("hello\n");
        assert_eq!(
            pem.to_string(),
            "hello\n-----BEGIN X-----\r\nAAAA\r\nAAAA\r\n-----END X-----\r\n"
        );
    }
}
