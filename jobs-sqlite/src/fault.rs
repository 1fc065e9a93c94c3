//! Named points at which a process under test dies, as `JOBS_SQLITE_FAULT=claim:after-commit:3`: the third
//! time that a claim was committed and not yet answered. Without the feature `faults` nothing of this is built.

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

    /// Dies here if the environment says so. `what` may name two verbs, as `settle and claim`.
    pub(crate) fn point(what: &str, moment: &str) {
        let Some(fault) = fault() else { return };
        let meant = |verb: &str| fault.point.strip_prefix(verb).and_then(|rest| rest.strip_prefix(':')) == Some(moment);
        if what.split(" and ").any(meant) && fault.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            std::process::abort();
        }
    }
}

#[cfg(feature = "faults")]
pub(crate) use armed::point;

#[cfg(not(feature = "faults"))]
pub(crate) const fn point(_what: &str, _moment: &str) {}
