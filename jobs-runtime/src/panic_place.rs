//! Where the last panic on this thread happened, which only a panic hook is told.

use std::cell::RefCell;
use std::panic::{set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Records from now on where panics happen. The hook that was set before is called as before; a hook that is set later has to call
/// this one, or the places are not known.
pub(crate) fn record_places() {
    static ONCE: Once = Once::new();
    // A thread that panics must not change the hook.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            set(info.location().map(ToString::to_string));
            before(info);
        }));
    });
}

/// Takes the place of the last panic on this thread, as `src/orders.rs:41:9`.
pub(crate) fn take() -> Option<String> {
    PLACE.try_with(|place| place.try_borrow_mut().ok()?.take()).ok().flatten()
}

/// Sets the place of a panic that goes on on this thread.
pub(crate) fn set(place: Option<String>) {
    let _ended = PLACE.try_with(|last| last.try_borrow_mut().map(|mut last| *last = place));
}
