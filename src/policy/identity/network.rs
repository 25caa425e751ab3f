//! Networks of IP addresses.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

/// An IP address, or all that begin with the same bits. IPv4 and IPv6 stay apart: `::/0` has no
/// IPv4 address. From its text by [`str::parse`].
///
/// ```
/// use mtls_verify::policy::IpNetwork;
///
/// let network: IpNetwork = "192.0.2.0/24".parse()?;
/// assert!(network.contains([192, 0, 2, 7].into()));
/// // Bits after the prefix are a mistake.
/// assert!("192.0.2.7/24".parse::<IpNetwork>().is_err());
/// # Ok::<(), mtls_verify::policy::InvalidIpNetwork>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpNetwork {
    address: IpAddr,
    prefix_bits: u8,
}

impl IpNetwork {
    /// The addresses that begin with the first `prefix_bits` bits of `address`.
    ///
    /// # Errors
    /// More bits than the address has; an address with other bits that are not zero.
    pub fn new(address: IpAddr, prefix_bits: u8) -> Result<Self, InvalidIpNetwork> {
        let network = Self {
            address,
            prefix_bits,
        };
        let most = bits(address).0;
        let is_good = u32::from(prefix_bits) <= most && bits(address).1 & network.host_mask() == 0;
        is_good.then_some(network).ok_or(InvalidIpNetwork(()))
    }

    /// Whether the address is one of the network.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (ours, theirs) = (bits(self.address), bits(address));
        ours.0 == theirs.0 && (ours.1 ^ theirs.1) & !self.host_mask() == 0
    }

    /// The one address, if it has no other.
    pub(crate) fn only_address(&self) -> Option<IpAddr> {
        (u32::from(self.prefix_bits) == bits(self.address).0).then_some(self.address)
    }

    /// The bits of an address that the network leaves open.
    fn host_mask(&self) -> u128 {
        let open = bits(self.address)
            .0
            .saturating_sub(u32::from(self.prefix_bits));
        u128::MAX
            .checked_shr(u128::BITS.saturating_sub(open))
            .unwrap_or(0)
    }
}

/// How many bits an address has, and which.
fn bits(address: IpAddr) -> (u32, u128) {
    match address {
        IpAddr::V4(address) => (u32::BITS, address.to_bits().into()),
        IpAddr::V6(address) => (u128::BITS, address.to_bits()),
    }
}

impl From<IpAddr> for IpNetwork {
    fn from(address: IpAddr) -> Self {
        let prefix_bits = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        Self {
            address,
            prefix_bits,
        }
    }
}

impl FromStr for IpNetwork {
    type Err = InvalidIpNetwork;

    /// From an address, or an address, `/` and the number of bits in decimal digits.
    ///
    /// # Errors
    /// As [`IpNetwork::new`]; other text; a number with a leading zero or a sign.
    fn from_str(text: &str) -> Result<Self, InvalidIpNetwork> {
        let parse = |address: &str| address.parse::<IpAddr>().map_err(|_| InvalidIpNetwork(()));
        let Some((address, digits)) = text.split_once('/') else {
            return parse(text).map(Self::from);
        };
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        let prefix_bits = digits.parse().ok().filter(|_| is_number);
        Self::new(parse(address)?, prefix_bits.ok_or(InvalidIpNetwork(()))?)
    }
}

impl fmt::Display for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.only_address() {
            Some(address) => address.fmt(f),
            None => write!(f, "{}/{}", self.address, self.prefix_bits),
        }
    }
}

/// Neither an IP address nor a network of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither an IP address nor a network such as 192.0.2.0/24, in which all bits after the prefix \
     are zero"
)]
pub struct InvalidIpNetwork(());

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn networks_are_addresses_that_begin_alike() {
        for (network, inside, outside) in [
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.4/31", "192.0.2.5", "192.0.2.6"),
            ("128.0.0.0/1", "255.255.255.255", "127.0.0.0"),
            ("0.0.0.0/0", "255.0.0.1", "::"),
            ("::/0", "ffff::1", "0.0.0.0"),
            ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
            ("::ffff:0.0.0.0/96", "::ffff:192.0.2.1", "192.0.2.1"),
            ("::1", "::1", "::2"),
        ] {
            let read: IpNetwork = network.parse().expect(network);
            assert!(read.contains(inside.parse().unwrap()), "{network}");
            assert!(!read.contains(outside.parse().unwrap()), "{network}");
            assert_eq!(read.to_string(), network);
        }
        let whole: IpNetwork = "192.0.2.1/32".parse().unwrap();
        assert_eq!(whole, IpNetwork::from(IpAddr::from([192, 0, 2, 1])));
    }

    #[test]
    fn what_is_no_network_is_an_error() {
        for bad in [
            "",
            "/",
            "192.0.2.0/",
            "192.0.2.0/33",
            "192.0.2.1/24",
            "192.0.2.0/024",
            "192.0.2.0/+24",
            "192.0.2.0/ 24",
            "192.0.2.0/24/24",
            "192.0.2.0/255.255.255.0",
            "192.0.2/24",
            "192.0.2.256",
            "::/129",
            "::1/127",
            "1.0.0.0/0",
            "a.example",
        ] {
            assert!(bad.parse::<IpNetwork>().is_err(), "{bad}");
        }
    }
}
