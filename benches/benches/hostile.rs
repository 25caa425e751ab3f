//! The dearest chains that a stranger can send, as `dearest` found them, beside honest ones.

mod common;

use benches::hostile::price::verify_for_real;
use benches::hostile::{Peer, found};
use benches::{PROVIDER, row};
use common::Group;

fn main() {
    verify_for_real(true);
    let mut criterion = common::criterion();
    for found in found() {
        let input = found.input();
        let honest = input.honest();
        let peer = Peer::of(&input);
        assert!(honest.verify().is_ok(), "{}: the honest chain", found.kind);
        let group = Group::new(format!("hostile/{PROVIDER}/{}", found.kind))
            .row(row::COLD, None, || input.verify())
            .row(row::HONEST, None, || honest.verify());
        let group = match &peer {
            Some(peer) => group.row(row::WEBPKI, None, || peer.verify()),
            None => group,
        };
        group.measure(&mut criterion);
    }
    criterion.final_summary();
}
