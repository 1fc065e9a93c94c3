//! Collects what each attempt logs. The layer [`AttemptLogLayer`](super::attempt_log_layer::AttemptLogLayer) attaches a collector
//! to the span of an attempt when the span is created, and adds the lines; the performer takes the log at the end.
//!
//! A worker without the layer, or one whose store keeps no logs, collects nothing.
#![cfg_attr(not(feature = "logs"), expect(dead_code, reason = "only the layer attaches collectors"))]

use std::cell::RefCell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jobs_core::{AttemptLog, Clock, Definition, LogBuffer, LogLimits, LogLine, Settlement, Timestamp};
use tracing::Span;

use crate::guard::ignore_panic;

/// The lines of one attempt.
pub(crate) struct LogCollector {
    /// `None` after the end of the attempt: what tasks log later is left out.
    buffer: Mutex<Option<LogBuffer>>,
    clock: OnceLock<Arc<dyn Clock>>,
    /// Whether the log is kept also if the attempt finishes the job.
    of_successful: bool,
}

/// Whether a collector may be attached to the span that is created now on this thread.
enum Offer {
    Closed,
    Open,
    Taken(Arc<LogCollector>),
}

thread_local! {
    static OFFER: RefCell<Offer> = const { RefCell::new(Offer::Closed) };
}

/// Creates the span of an attempt, with the collector that a layer attaches to it.
pub(crate) fn collecting(clock: &Arc<dyn Clock>, span: impl FnOnce() -> Span) -> (Span, Option<Arc<LogCollector>>) {
    let _before = replace_offer(Offer::Open);
    let span = span();
    let Offer::Taken(collector) = replace_offer(Offer::Closed) else { return (span, None) };
    // The collector is new, so it has no clock yet.
    let _set = collector.clock.set(Arc::clone(clock));
    (span, Some(collector))
}

fn replace_offer(offer: Offer) -> Offer {
    // The value is gone at the end of the thread.
    OFFER.try_with(|current| current.replace(offer)).unwrap_or(Offer::Closed)
}

/// Makes a collector if the span that is created now is that of an attempt whose log is wanted.
pub(crate) fn attach(limits: LogLimits, of_successful: bool) -> Option<Arc<LogCollector>> {
    OFFER
        .try_with(|current| {
            let mut offer = current.try_borrow_mut().ok()?;
            if !matches!(*offer, Offer::Open) {
                return None;
            }
            let buffer = Mutex::new(Some(LogBuffer::new(limits)));
            let collector = Arc::new(LogCollector { buffer, clock: OnceLock::new(), of_successful });
            *offer = Offer::Taken(Arc::clone(&collector));
            Some(collector)
        })
        .ok()
        .flatten()
}

impl LogCollector {
    /// The time of a line that is written now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.get().map(|clock| clock.now()).unwrap_or_default()
    }

    /// Adds a line, unless the attempt has ended.
    pub(crate) fn push(&self, line: LogLine) {
        if let Some(buffer) = &mut *self.buffer.lock().unwrap_or_else(PoisonError::into_inner) {
            buffer.push(line);
        }
    }

    fn take(&self) -> Option<AttemptLog> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner).take()?.finish()
    }

    /// Ends the log and adds it to the settlement of the attempt, if it is kept.
    pub(crate) fn add_to(&self, settlement: &mut Settlement, definition: &Definition) {
        let log = self.take();
        if settlement.decision.error().is_none() && !self.of_successful {
            return;
        }
        settlement.log = log.map(|mut log| {
            // Names of parameters are asked from the program's code.
            ignore_panic(|| definition.redact_log(&mut log));
            Box::new(log)
        });
    }
}
