//! `cargo xtask diagram`: `docs/LIFECYCLE.md`, drawn from the table in `jobs-core`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jobs_core::State;
use jobs_core::lifecycle::MOVES;

use crate::TaskResult;

/// Where the drawing is.
pub(crate) const PATH: &str = "docs/LIFECYCLE.md";

const HEAD: &str = "\
# The life of a job

This page is generated from `jobs-core/src/model/lifecycle.rs` by `cargo xtask diagram`; do not edit it.
A store makes these moves and no other.

A job enters as `ready` if it is due now, otherwise as `scheduled`.
It leaves the store when it is pruned, some time after it was finished or discarded.

";

/// Writes the page.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(root: &Path) -> TaskResult {
    fs::write(root.join(PATH), page())?;
    Ok(true)
}

/// The page as it should be.
pub(crate) fn page() -> String {
    format!("{HEAD}```mermaid\n{}```\n\n{}", drawing(), table())
}

fn drawing() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned()];
    lines.extend([State::Ready, State::Scheduled].map(|state| format!("    [*] --> {state}: enqueue")));
    for from in State::ALL {
        for to in State::ALL {
            let causes: Vec<_> = MOVES
                .iter()
                .filter(|(a, _, b)| *a == from && *b == to)
                .map(|(_, cause, _)| cause.to_string())
                .collect();
            if !causes.is_empty() {
                lines.push(format!("    {from} --> {to}: {}", causes.join(", ")));
            }
        }
    }
    let done = State::ALL.into_iter().filter(|state| state.is_done());
    lines.extend(done.map(|state| format!("    {state} --> [*]: prune")));
    lines.join("\n") + "\n"
}

fn table() -> String {
    let mut text = "| from | cause | to |\n|---|---|---|\n".to_owned();
    for (from, cause, to) in MOVES {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "| {from} | {cause} | {to} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_of_the_table_is_on_the_page() {
        let page = page();
        for (from, cause, to) in MOVES {
            assert!(page.contains(&format!("| {from} | {cause} | {to} |")), "{from} {cause} {to}");
        }
    }

    #[test]
    fn moves_between_the_same_two_states_share_an_arrow() {
        assert!(drawing().contains("    claimed --> ready: release, recover\n"));
    }
}
