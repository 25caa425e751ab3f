//! The log of a server on standard output. Logging never blocks the server and never ends it.
//!
//! A thread of its own writes the lines. While nobody reads them, up to [`WAITING`] lines wait, and
//! further ones are dropped. The log says how many as soon as it can be written again.

use std::io::{Write, stdout};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How many lines wait to be written.
const WAITING: usize = 1_000;

static LINES: LazyLock<SyncSender<String>> = LazyLock::new(|| {
    let (sender, lines) = sync_channel(WAITING);
    std::thread::spawn(move || write(lines));
    sender
});

static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Like `println!`, but never waits for a reader and never panics.
macro_rules! say {
    ($($part:tt)*) => { $crate::log::line(format!($($part)*)) };
}
pub(crate) use say;

pub(crate) fn line(line: String) {
    if LINES.try_send(line).is_err() {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

fn write(lines: Receiver<String>) {
    for line in lines {
        // A closed pipe is an error here, each time; the server goes on without its log.
        let written = writeln!(stdout(), "{line}");
        let dropped = DROPPED.load(Ordering::Relaxed);
        if written.is_err() {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        } else if dropped > 0 && writeln!(stdout(), "{dropped} lines dropped").is_ok() {
            DROPPED.fetch_sub(dropped, Ordering::Relaxed);
        }
    }
}
