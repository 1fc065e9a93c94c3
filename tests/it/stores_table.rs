//! The guide's table of what each store guarantees is what the stores say.

use std::path::Path;

use jobs::delayed_job::DelayedJobStore;
use jobs::memory::MemoryStore;
use jobs::resque::ResqueStore;
use jobs::sidekiq::SidekiqStore;
use jobs::solid_queue::SolidQueueStore;
use jobs::sqlite::SqliteOptions;
use jobs::store::{
    AttemptCounting, AttemptLogs, ClaimOrder, Fencing, Guarantees, History, Identity, Retention, Store, Uniqueness,
};

const GUIDE: &str = "src/guide/stores.md";
const START: &str = "<!-- guarantees: generated -->\n";
const END: &str = "<!-- end of guarantees -->\n";

/// The columns of the table. PostgreSQL, Redis and Delayed Job's table need a server or an application, so tests of
/// their crates check what these stores guarantee.
fn stores() -> Vec<(&'static str, Guarantees)> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteOptions::new(folder.path().join("jobs.db")).open().unwrap();
    vec![
        ("`sqlite:`", sqlite.guarantees()),
        ("`postgres:`", Guarantees::ALL),
        ("`memory:`", MemoryStore::default().guarantees()),
        ("`sidekiq+redis:`", SidekiqStore::GUARANTEES),
        ("`resque+redis:`", ResqueStore::GUARANTEES),
        ("`delayed_job+..:`", DelayedJobStore::GUARANTEES),
        ("`solid_queue+..:`", SolidQueueStore::GUARANTEES),
    ]
}

fn identity(store: Guarantees) -> &'static str {
    match store.identity {
        Identity::Idempotent => "stores it once",
        Identity::AtLeastOnce => "may store it twice",
    }
}

fn order(store: Guarantees) -> &'static str {
    match store.order {
        ClaimOrder::PriorityThenAge => "priority, then age",
        ClaimOrder::PriorityThenDue => "priority, then due time",
        ClaimOrder::QueueFifo => "age within a queue; priorities have no effect",
    }
}

fn fencing(store: Guarantees) -> &'static str {
    match store.fencing {
        Fencing::PerClaim => "of any earlier claim",
        Fencing::PerProcess => "of other processes",
    }
}

fn history(store: Guarantees) -> &'static str {
    match store.history {
        History::EveryAttempt => "of the first 5 and the last 45 attempts",
        History::LastError => "the last one",
    }
}

fn retention(store: Guarantees) -> &'static str {
    match store.retention {
        Retention::All => "finished, discarded, failed",
        Retention::FailedOnly => "failed",
    }
}

fn uniqueness(store: Guarantees) -> &'static str {
    match store.uniqueness {
        Uniqueness::Supported => "yes",
        Uniqueness::Unsupported => "refused",
    }
}

fn attempts(store: Guarantees) -> &'static str {
    match store.attempts {
        AttemptCounting::AtClaim => "when it starts",
        AttemptCounting::AtFailure => "when it fails",
    }
}

fn attempt_logs(store: Guarantees) -> &'static str {
    match store.attempt_logs {
        AttemptLogs::Kept => "yes",
        AttemptLogs::Unsupported => "no",
    }
}

type Row = (&'static str, fn(Guarantees) -> &'static str);

const ROWS: [Row; 8] = [
    ("a repeated enqueue of a job", identity),
    ("jobs are claimed by", order),
    ("refused settlements", fencing),
    ("errors that are kept", history),
    ("jobs that are kept after their end", retention),
    ("unique jobs", uniqueness),
    ("an attempt is counted", attempts),
    ("logs of attempts are kept", attempt_logs),
];

fn table() -> String {
    let stores = stores();
    let line = |first: &str, cells: Vec<&str>| format!("| {first} | {} |\n", cells.join(" | "));
    let mut table = line("", stores.iter().map(|(name, _)| *name).collect());
    table += "|---|";
    table += &"---|".repeat(stores.len());
    table += "\n";
    for (what, cell) in ROWS {
        table += &line(what, stores.iter().map(|(_, store)| cell(*store)).collect());
    }
    table
}

#[test]
fn the_guide_shows_what_each_store_guarantees() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE)).unwrap();
    let shown = guide.split_once(START).and_then(|(_, rest)| rest.split_once(END)).map(|(table, _)| table.trim());
    let table = table();
    assert_eq!(shown, Some(table.trim()), "put this between the two comments in {GUIDE}:\n\n{table}");
}
