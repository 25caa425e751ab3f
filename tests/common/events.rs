//! Keeps the events of `tracing` that a verifier sends.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

pub(crate) type Fields = BTreeMap<&'static str, String>;

/// Keeps the events of a thread, those up to a level.
#[derive(Clone)]
struct Keep {
    up_to: Level,
    events: Arc<Mutex<Vec<(Level, Fields)>>>,
}

impl Subscriber for Keep {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "mtls_verify" && *metadata.level() <= self.up_to
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Seen::default();
        event.record(&mut fields);
        let level = *event.metadata().level();
        self.events.lock().expect("lock").push((level, fields.0));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Seen(Fields);

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// The events of this thread while `run` runs.
pub(crate) fn events_of(up_to: Level, run: impl FnOnce()) -> Vec<(Level, Fields)> {
    let events = Arc::default();
    let keep = Keep {
        up_to,
        events: Arc::clone(&events),
    };
    tracing::subscriber::with_default(keep, run);
    events.lock().expect("lock").clone()
}
