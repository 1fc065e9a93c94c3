//! What a call that was dropped, or that failed, leaves behind until the server has rolled it back: locked rows.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the last call of a kind may still hold its rows. The next call waits for them rather than to pass them by, so that
/// it finds what the other one gave up.
#[derive(Debug, Default)]
pub(crate) struct DroppedCall(AtomicBool);

impl DroppedCall {
    /// A call begins. It may be dropped at any await.
    pub(crate) fn begin(&self) -> RunningCall<'_> {
        RunningCall { dropped: self, waits: self.0.swap(false, Ordering::Relaxed), is_done: false }
    }
}

pub(crate) struct RunningCall<'a> {
    dropped: &'a DroppedCall,
    waits: bool,
    is_done: bool,
}

impl RunningCall<'_> {
    /// The statement, which waits for locked rows if another call may hold them, and otherwise passes them by.
    pub(crate) fn locking(&self, statement: &str) -> String {
        if self.waits { statement.replace("{skip_locked}", "{lock}") } else { statement.to_owned() }
    }

    /// The transaction is committed, or locked nothing.
    pub(crate) fn finished(mut self) {
        self.is_done = true;
    }
}

impl Drop for RunningCall<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.dropped.0.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_after_a_dropped_one_waits_for_locked_rows() {
        let calls = DroppedCall::default();
        let text = || {
            let call = calls.begin();
            (call.locking("SELECT 1 {skip_locked}"), call)
        };
        let (first, call) = text();
        call.finished();
        let (second, call) = text();
        assert_eq!([first.as_str(), &second], ["SELECT 1 {skip_locked}"; 2]);
        drop(call);
        let (third, call) = text();
        call.finished();
        assert_eq!([third.as_str(), &text().0], ["SELECT 1 {lock}", "SELECT 1 {skip_locked}"]);
    }
}
