//! All SQL statements. Each is in a file of its own, with its parameters and its index in the header.

pub(crate) mod prepared;

use jobs_core::error_limits::{FIRST_ERRORS, LAST_ERRORS};
use tokio_postgres::types::Type;

macro_rules! statements {
    ($($name:ident = $file:literal $(+ $rest:literal)* [$($type:ident),*],)*) => {
        /// A statement by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Sql {
            $($name,)*
        }

        /// Name, text and types of parameters, in the order of [`Sql`].
        const ALL: &[(&str, &str, &[Type])] =
            &[$((
                $file,
                concat!(include_str!(concat!("../sql/", $file, ".sql")) $(, include_str!(concat!("../sql/", $rest, ".sql")))*),
                &[$(Type::$type),*],
            ),)*];
    };
}

statements! {
    Backend = "backend" [TEXT],
    Cancel = "cancel" [UUID],
    Cancelled = "cancelled" [INT8],
    ClaimAll = "claim" + "from_all" + "claim_rows" [INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8],
    ClaimQueues = "claim" + "from_queues" + "claim_rows" [INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8],
    ClaimSelectors = "claim" + "open_queues" + "from_selectors" + "claim_rows" [
        INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8
    ],
    Counts = "counts" [],
    Database = "database" [],
    Deploys = "deploys" [],
    DeploysAdd = "deploys_add" [INT8_ARRAY, TEXT_ARRAY],
    DeploysForget = "deploys_forget" [INT8_ARRAY],
    ManualDiscard = "manual_discard" [INT8, UUID_ARRAY],
    Dispatch = "dispatch" [INT8, INT8, UUID_ARRAY, UUID],
    DispatchFirst = "dispatch_first" [INT8, UUID_ARRAY],
    EndBackend = "end_backend" [INT4, INT8],
    Enqueue = "enqueue" [
        INT8, UUID_ARRAY, INT8_ARRAY, INT8_ARRAY, INT4_ARRAY, INT8_ARRAY, INT8_ARRAY, TEXT_ARRAY, TEXT_ARRAY,
        TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY
    ],
    EnqueueUndoDone = "enqueue_undo_done" [UUID_ARRAY],
    EnqueueBegin = "enqueue_begin" [INT8],
    EnqueueMayBeDone = "enqueue_may_be_done" [UUID],
    EnqueueCopy = "enqueue_copy" [],
    ErrorsOf = "errors_of" [UUID_ARRAY, INT8, INT8, INT4, BOOL],
    ErrorsTrim = "errors_trim" [UUID_ARRAY],
    FewReady = "few_ready" [INT8],
    FewScheduled = "few_scheduled" [INT8],
    FiguresForget = "figures_forget" [INT8_ARRAY, INT8_ARRAY],
    FiguresForgetLater = "figures_forget_later" [INT8_ARRAY, INT8_ARRAY],
    FiguresLock = "figures_lock" [TEXT],
    FiguresPresent = "figures_present" [INT8_ARRAY, INT8_ARRAY],
    FiguresRead = "figures_read" [INT8, INT8, TEXT, TEXT],
    FiguresWrite = "figures_write" [
        INT8_ARRAY, INT8_ARRAY, TEXT_ARRAY, TEXT_ARRAY, INT8_ARRAY, INT8_ARRAY, TEXT_ARRAY, TEXT_ARRAY
    ],
    Find = "find" [UUID],
    FinishedLogOf = "finished_log_of" [UUID],
    Heartbeat = "heartbeat" [INT8, INT8, TEXT, TEXT, INT8, TEXT, TEXT, TEXT],
    Holder = "holder" [INT8, INT8],
    ListDone = "list_done" + "list_matching" [
        UUID, UUID, INT2, TEXT, TEXT, TEXT, TEXT, INT8, INT8, INT8, INT8, INT8, BOOL, INT8, INT8
    ],
    ListJobs = "list_jobs" + "list_matching" [
        UUID, UUID, INT2, TEXT, TEXT, TEXT, TEXT, INT8, INT8, INT8, INT8, INT8, BOOL, INT8
    ],
    Now = "now" [INT8],
    Pause = "pause" [TEXT],
    ProcessOrder = "process_order" [INT8, TEXT, TEXT_ARRAY],
    Processes = "processes" [],
    Prune = "prune" [INT8, INT8, INT8, UUID_ARRAY, UUID],
    PruneFirst = "prune_first" [INT8, INT8, UUID_ARRAY],
    Queues = "queues" [INT8],
    RecoverJobs = "recover_jobs" [UUID_ARRAY, INT4_ARRAY, BOOL_ARRAY, TEXT_ARRAY],
    RecoverHolders = "recover_holders" [],
    RecoverKeep = "recover_keep" [INT8_ARRAY, INT8_ARRAY],
    RecoverOrphans = "recover_orphans" [INT8_ARRAY],
    RecoverSilent = "recover_silent" [INT8, INT8, INT8],
    RecurringAdd = "recurring_add" [
        TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY, INT8_ARRAY, TEXT_ARRAY, INT4_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY,
        TEXT_ARRAY, INT8_ARRAY, INT8_ARRAY, INT8_ARRAY, UUID_ARRAY, BOOL_ARRAY, INT8_ARRAY
    ],
    RecurringFind = "recurring_find" [TEXT_ARRAY],
    RecurringForget = "recurring_forget" [TEXT_ARRAY],
    RecurringList = "recurring_list" [],
    RecurringMark = "recurring_mark" [TEXT_ARRAY, INT8_ARRAY, INT8_ARRAY, UUID_ARRAY],
    RecurringWrite = "recurring_write" [
        TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY, INT8_ARRAY, TEXT_ARRAY, INT4_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY,
        TEXT_ARRAY, INT8_ARRAY, INT8_ARRAY, INT8_ARRAY, UUID_ARRAY, BOOL_ARRAY, INT8_ARRAY
    ],
    Reschedule = "reschedule" [INT8, UUID_ARRAY, INT8, INT8],
    Resume = "resume" [TEXT],
    ManualRetry = "manual_retry" [INT8, UUID_ARRAY],
    ReturnClaimed = "return_claimed" [INT8, INT8_ARRAY],
    Settle = "settle" + "settle_answer" [
        INT8, UUID_ARRAY, INT8_ARRAY, INT8_ARRAY, INT2_ARRAY, INT8_ARRAY, TEXT_ARRAY, INT4_ARRAY, TEXT_ARRAY,
        TEXT_ARRAY, TEXT_ARRAY
    ],
    SettleWithLogs = "settle" + "settle_logs" + "settle_answer" [
        INT8, UUID_ARRAY, INT8_ARRAY, INT8_ARRAY, INT2_ARRAY, INT8_ARRAY, TEXT_ARRAY, INT4_ARRAY, TEXT_ARRAY,
        TEXT_ARRAY, TEXT_ARRAY
    ],
    StatsJobs = "stats_jobs" [],
    StatsSnapshot = "stats_snapshot" [],
    StatsTotals = "stats_totals" [INT8, TEXT],
    Stop = "stop" [INT8],
    TalliesSum = "tallies_sum" [],
    UniqueHolder = "unique_holder" [INT8, TEXT],
    UniqueKeysOf = "unique_keys_of" [UUID_ARRAY],
    UniqueTake = "unique_take" [INT8, TEXT_ARRAY, UUID_ARRAY, TEXT_ARRAY, INT8_ARRAY, BOOL],
    WindowDone = "window_done" [UUID, UUID, INT2, INT8],
    WindowJobs = "window_jobs" [UUID, UUID, INT2, INT8],
    Vacuum = "vacuum" [],
    FinishAndClaimAll = "finish_and_claim" + "from_all" + "claim_rows" [
        INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8, UUID_ARRAY, INT8_ARRAY, BOOL
    ],
    FinishAndClaimQueues = "finish_and_claim" + "from_queues" + "claim_rows" [
        INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8, UUID_ARRAY, INT8_ARRAY, BOOL
    ],
    FinishAndClaimSelectors = "finish_and_claim" + "open_queues" + "from_selectors" + "claim_rows" [
        INT8, INT8, INT8, TEXT_ARRAY, BOOL_ARRAY, INT8_ARRAY, INT8, UUID_ARRAY, INT8_ARRAY, BOOL
    ],
}

impl Sql {
    /// The types of the statement's parameters.
    pub(crate) fn types(self) -> &'static [Type] {
        ALL.get(self as usize).map_or(&[], |(_, _, types)| types)
    }
}

/// The texts of all statements, with the names of one schema.
#[derive(Debug)]
pub(crate) struct Statements(Vec<String>);

impl Statements {
    pub(crate) fn new(schema: &str) -> Self {
        Self(ALL.iter().map(|(_, text, _)| with_limits(&with_schema(text, schema))).collect())
    }

    pub(crate) fn text(&self, sql: Sql) -> &str {
        self.0.get(sql as usize).map_or("", String::as_str)
    }
}

/// A statement of a file with the names of one schema.
pub(crate) fn with_schema(text: &str, schema: &str) -> String {
    let channel = channel(schema).replace('\'', "''");
    text.replace("{schema}", &quote_identifier(schema)).replace("{channel}", &channel)
}

/// A statement with the number of errors that are kept of a job.
fn with_limits(text: &str) -> String {
    text.replace("{first_errors}", &FIRST_ERRORS.to_string()).replace("{last_errors}", &LAST_ERRORS.to_string())
}

/// The notification channel of a schema.
pub(crate) fn channel(schema: &str) -> String {
    // The name of a channel has at most 63 bytes, as that of a schema. Two schemas with long names may get the same
    // channel, which only costs needless notifications.
    let mut name = format!("jobs:{schema}");
    while name.len() > 63 {
        name.pop();
    }
    name
}

/// A name as an identifier.
pub(crate) fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn parameters(text: &str) -> BTreeSet<usize> {
        let code: String = text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
        let numbers = code.split('$').skip(1);
        let digits = numbers.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        digits.filter_map(|digits| digits.parse().ok()).collect()
    }

    #[test]
    fn each_statement_says_its_index_and_has_a_type_for_each_parameter() {
        for (name, text, types) in ALL {
            assert!(text.contains("-- index: "), "{name} does not say which index it uses");
            let is_used = |number: &usize| !text.contains(&format!("{number} unused"));
            let expected: BTreeSet<usize> = (1..=types.len()).filter(is_used).collect();
            assert_eq!(parameters(text), expected, "{name}");
        }
    }

    #[test]
    fn each_table_is_named_with_its_schema() {
        for (name, text, _) in ALL {
            for table in crate::migrate::TABLES {
                for verb in ["FROM", "INTO", "UPDATE", "JOIN"] {
                    assert!(!text.contains(&format!("{verb} {table} ")), "{name}: {verb} {table}");
                }
            }
        }
    }

    #[test]
    fn a_schema_is_quoted_and_its_channel_short_enough() {
        assert_eq!(with_schema("{schema}.jobs '{channel}'", "a\"b'c"), "\"a\"\"b'c\".jobs 'jobs:a\"b''c'");
        assert_eq!(channel(&"ü".repeat(31)).len(), 63);
    }
}
