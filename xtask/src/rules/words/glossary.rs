//! Names are the standard terms of the field; a name that only this project would understand is refused.

use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

/// Names of types that say nothing to a stranger, each with the term to use.
const TYPES: &[(&str, &str)] = &[
    ("Agenda", "RecurringTasks"),
    ("Asked", "a request, as KeyRequest or CancelRequests"),
    ("Baggage", "PropagatedValues"),
    ("Basket", "a request or batch"),
    ("Bench", "a fixture or state"),
    ("Board", "AppState"),
    ("CameTo", "an outcome"),
    ("Carried", "Propagated"),
    ("CutShort", "PartialEnqueue"),
    ("Deed", "JobAction"),
    ("Deposit", "the step that writes to the store"),
    ("Desk", "a queue, batcher or writer"),
    ("Dialer", "Connector"),
    ("Drafted", "ErasedDraft"),
    ("Ear", "a subscription or listener"),
    ("Entered", "EnterGuard"),
    ("Errands", "BlockingBridge"),
    ("Exchange", "a request and its reply"),
    ("Flight", "SettleClaim"),
    ("Hearing", "Subscription"),
    ("Held", "AfterCommit, or what is buffered"),
    ("Hints", "Notifier"),
    ("Judged", "FailureDecision"),
    ("Line", "ConnectionHandle"),
    ("Looks", "StatsCache"),
    ("Marked", "JobSet"),
    ("Notes", "a recorder"),
    ("Outlook", "ChangeWatcher"),
    ("Pace", "Prefetch"),
    ("Piles", "Indexes"),
    ("Place", "a location, slot or index"),
    ("Places", "RowIdCache"),
    ("Pulse", "HeartbeatReply"),
    ("Reached", "ChangeOutcome"),
    ("Ruling", "FailureDecision"),
    ("Said", "KeyRow"),
    ("Seen", "a snapshot or record"),
    ("Shelf", "Inner"),
    ("Stage", "Fixture"),
    ("Standing", "SchemaStatus"),
    ("Subject", "StoreUnderTest"),
    ("Suspects", "CrashQuarantine"),
    ("Sweep", "BulkAction"),
    ("Taken", "ClaimResult"),
    ("Taking", "KeyClaims"),
    ("Ticked", "TickOutcome"),
    ("Trouble", "an error"),
    ("Turn", "WriteTx"),
    ("Turns", "WriteTx"),
    ("Unread", "PropagationError"),
    ("Visit", "RequestContext"),
    ("Wanted", "JobMatcher"),
    ("Which", "JobQuery"),
    ("Wish", "ClaimQuery"),
    ("World", "a fixture"),
];

/// Names of modules that say nothing to a stranger.
const MODULES: &[&str] = &[
    "acts",
    "again",
    "asked",
    "beating",
    "board",
    "by_hand",
    "call",
    "carrier",
    "carrying",
    "causes",
    "churning",
    "contact",
    "cut_short",
    "deed",
    "deposit",
    "desk",
    "dial",
    "drafted",
    "due",
    "ending",
    "entered",
    "errand",
    "erring",
    "faults",
    "flight",
    "foreign",
    "gate",
    "held",
    "hush",
    "items",
    "judge",
    "keeping_out",
    "letting_in",
    "line",
    "listening",
    "live",
    "look",
    "looks",
    "many",
    "marked",
    "nesting",
    "outlook",
    "pace",
    "pick",
    "place",
    "places",
    "reaching",
    "recurrence",
    "retaking",
    "seeking",
    "shapes",
    "shown",
    "spans",
    "starting",
    "stub",
    "suspects",
    "sweep",
    "text",
    "tickets",
    "turn",
    "verdict",
    "visit",
    "walking",
    "way",
    "what",
    "which",
    "wish",
    "words",
    "work",
];

/// Every type and module whose name is on the lists.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().filter(|source| source.is_library()).flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let types = source.own_code().filter_map(|(number, line)| type_name(source.path(), number, line));
    types.chain(module_name(source.path())).collect()
}

fn type_name(path: &str, number: usize, line: &str) -> Option<Violation> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.find(|word| matches!(*word, "struct" | "enum" | "trait" | "union" | "type"))?;
    let name = words.next()?;
    let (_, term) = TYPES.iter().find(|(old, _)| *old == name)?;
    let what = format!("`{name}` is not a standard term: {term}");
    Some(Violation::new(path, number, what, "use the term that tokio, sqlx, River or Sidekiq would use"))
}

fn module_name(path: &str) -> Option<Violation> {
    let (_, below) = path.split_once("src/")?;
    let name = below.strip_suffix(".rs")?.rsplit('/').next()?;
    let what = MODULES.contains(&name).then(|| format!("`{name}` does not say what the module is"))?;
    Some(Violation::new(path, 1, what, "name it by the concept that it holds, in a standard term"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn private_dialect_is_refused_with_the_standard_term() {
        let words = said(check, "jobs-x/src/a.rs", "pub(crate) struct Flight {}\n").concat();
        assert!(words.starts_with("jobs-x/src/a.rs:1: `Flight` is not a standard term: SettleClaim"), "{words}");
        let words = said(check, "jobs-x/src/gate.rs", "").concat();
        assert!(words.starts_with("jobs-x/src/gate.rs:1: `gate` does not say"), "{words}");
    }

    #[test]
    fn standard_terms_and_tests_pass() {
        for (path, text) in [("jobs-x/src/queue.rs", "struct RunQueue;"), ("jobs-x/tests/gate.rs", "struct World;")] {
            assert!(said(check, path, text).is_empty(), "{path}");
        }
    }
}
