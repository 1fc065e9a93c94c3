//! Logs what a command changed, for programs that have a log of their own.

use jobs::events::ManuallyChanged;
use jobs_core::LogText;

/// Logs a change by the user of the operating system, under the target `jobs::audit` as the dashboard does.
pub(crate) fn log(change: ManuallyChanged) {
    let change = change.by(whoami::username().ok());
    tracing::info!(target: "jobs::audit",
        actor = ?LogText::field(change.actor.as_deref().unwrap_or("-")).to_string(), action = change.action,
        object = ?LogText::field(change.object()).to_string(), changed = change.changed, "{}", LogText::message(&change));
}

/// Logs what was asked of a process, as [`log`].
pub(crate) fn log_process(action: &'static str, name: &str) {
    log_change(action, &format!("the process {name}"));
}

/// Logs what was done to one thing, as [`log`].
pub(crate) fn log_change(action: &'static str, object: &str) {
    let actor = whoami::username().ok();
    let actor = actor.as_deref().unwrap_or("-");
    tracing::info!(target: "jobs::audit",
        actor = ?LogText::field(actor).to_string(), action, object = ?LogText::field(object).to_string(), changed = 1_u64,
        "{}", LogText::message(format_args!("{actor} requested {action} of {object}: 1 changed")));
}

#[cfg(all(test, feature = "log"))]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_change_is_one_line_with_the_user_and_what_was_changed() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || log(ManuallyChanged::queue("pause", "mail\nforged")));
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            text.contains("jobs::audit") && text.contains("requested pause of the queue mail\\nforged: 1 changed"),
            "{text}"
        );
    }
}
