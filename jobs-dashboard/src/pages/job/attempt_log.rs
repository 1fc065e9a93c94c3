//! What an attempt logged, folded.

use jobs_core::{AttemptLog, counted, json};
use maud::{Markup, html};

use super::copy_button;

/// The lines of a log behind a button that shows how many there are; nothing if there is no log. `id` is that of the text.
pub(super) fn attempt_log(id: &str, log: Option<&AttemptLog>) -> Markup {
    let Some(log) = log else { return html! {} };
    let lines = counted(log.len() as u64, "line");
    let texts = json::AttemptLog::from(log);
    html! {
        details.fold {
            summary.button {
                "Log: " (lines)
                @if log.left_out > 0 { ", " (log.left_out) " left out" }
            }
            (copy_button(id, "the log"))
            pre tabindex="0" { code id=(id) { @for text in texts.texts() { (text) "\n" } } }
        }
    }
}
