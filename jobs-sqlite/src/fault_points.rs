//! Named points at which a process under test aborts, as `JOBS_SQLITE_FAULT=claim:after-commit:3`: the third time that
//! a claim was committed and its reply not yet sent. Built only with the feature `faults`.

#[cfg(feature = "faults")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Fault {
        point: String,
        left: AtomicU64,
    }

    fn parse(text: &str) -> Option<Fault> {
        let (point, times) = text.rsplit_once(':')?;
        Some(Fault { point: point.to_owned(), left: AtomicU64::new(times.parse().ok()?) })
    }

    fn fault() -> Option<&'static Fault> {
        static FAULT: OnceLock<Option<Fault>> = OnceLock::new();
        let read = || parse(&std::env::var("JOBS_SQLITE_FAULT").ok()?);
        FAULT.get_or_init(read).as_ref()
    }

    /// Aborts the process here if the environment says so. `what` may name two operations, as `settle and claim`.
    pub(crate) fn reach(what: &str, moment: &str) {
        let Some(fault) = fault() else { return };
        let meant = |verb: &str| fault.point.strip_prefix(verb).and_then(|rest| rest.strip_prefix(':')) == Some(moment);
        if what.split(" and ").any(meant) && fault.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            std::process::abort();
        }
    }
}

#[cfg(feature = "faults")]
pub(crate) use armed::reach;

#[cfg(not(feature = "faults"))]
pub(crate) const fn reach(_what: &str, _moment: &str) {}
