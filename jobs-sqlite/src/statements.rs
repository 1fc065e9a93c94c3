//! All SQL statements. Each is in a file of its own, with its parameters and its index in the header.

macro_rules! statements {
    ($($name:ident = $file:literal $(+ $rest:literal)?,)*) => {
        $(pub(crate) const $name: &str =
            concat!(include_str!(concat!("sql/", $file, ".sql")) $(, include_str!(concat!("sql/", $rest, ".sql")))?);)*

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$(($file, $name),)*];
    };
}

statements! {
    CLAIM_AFTER = "claim_after",
    CLAIM_FAIL_UNREADABLE = "claim_fail_unreadable",
    CLAIM_HEAD = "claim_head",
    CLAIM_MORE = "claim_more",
    CLAIM_QUEUE = "claim_queue",
    CLAIM_ROWS = "claim_rows",
    CLAIM_TAKE = "claim_take",
    CLAIM_TAKE_16 = "claim_take_16",
    CLAIM_TAKE_RANGE = "claim_take_range",
    CONTINUE = "continue",
    COUNTS = "counts",
    DEPLOY_WRITE = "deploy_write",
    DEPLOYS = "deploys",
    DEPLOYS_CLEAR = "deploys_clear",
    DISCARD = "discard",
    MANUAL_DISCARD = "manual_discard",
    DISPATCH = "dispatch",
    DISPATCH_FIRST = "dispatch_first",
    DISPATCH_JOB = "dispatch_job",
    ENQUEUE = "enqueue",
    ENQUEUE_16 = "enqueue_16",
    ERROR_APPEND = "error_append",
    ERRORS_FORGET = "errors_forget",
    ERRORS_OF = "errors_of",
    ERRORS_TRIM = "errors_trim",
    FAIL = "fail",
    FEW_READY = "few_ready",
    FEW_SCHEDULED = "few_scheduled",
    FIGURES_FORGET = "figures_forget",
    FIGURES_FORGET_LATER = "figures_forget_later",
    FIGURES_PRESENT = "figures_present",
    FIGURES_READ = "figures_read",
    FIGURES_WRITE = "figures_write",
    FIND = "find",
    FINISH = "finish",
    FINISH_AT = "finish_at",
    FINISH_FORGET = "finish_forget",
    FINISH_FORGET_AT = "finish_forget_at",
    FINISH_RANGE = "finish_range",
    FINISH_VALID = "finish_valid",
    FINISHED_ADD = "finished_add",
    FINISHED_LOG_OF = "finished_log_of",
    FINISHED_LOG_WRITE = "finished_log_write",
    FINISHED_LOGS_FORGET = "finished_logs_forget",
    FINISHED_COUNT = "finished_count",
    HEARTBEAT = "heartbeat",
    PROCESS_ORDER = "process_order",
    LIST_ANY = "list_any" + "list_matching",
    LIST_CLAIMED = "list_claimed" + "list_matching",
    LIST_READY = "list_ready" + "list_matching",
    LIST_RESTING = "list_resting" + "list_matching",
    LIST_SCHEDULED = "list_scheduled" + "list_matching",
    NEXT_DUE = "next_due",
    OPEN_AFTER = "open_after",
    OPEN_ENQUEUED = "open_enqueued",
    OPEN_NEXT = "open_next",
    OPEN_SEEN = "open_seen",
    PAUSE = "pause",
    PAUSED = "paused",
    PROCESS_FORGET = "process_forget",
    PROCESS_LOST = "process_lost",
    PROCESS_RELEASE = "process_release",
    PROCESSES = "processes",
    PRUNE_DISCARDED = "prune_discarded",
    PRUNE_FIND = "prune_find",
    PRUNE_JOB = "prune_job",
    QUEUES = "queues",
    RECOVER_CLAMP = "recover_clamp",
    RECOVER_FORGET = "recover_forget",
    RECOVER_JOBS = "recover_jobs",
    RECOVER_POISON = "recover_poison",
    RECOVER_READY = "recover_ready",
    RECOVER_SILENT = "recover_silent",
    RECURRING_WRITE = "recurring_write",
    RECURRING_FIND = "recurring_find",
    RECURRING_FORGET = "recurring_forget",
    RECURRING_LIST = "recurring_list",
    RELEASE = "release",
    RESCHEDULE = "reschedule",
    RESUME = "resume",
    RETRY = "retry",
    MANUAL_RETRY = "manual_retry",
    SIZE = "size",
    STATS = "stats",
    UNIQUE_KEY_OF = "unique_key_of",
    UNIQUE_HAS_EXPIRED = "unique_has_expired",
    UNIQUE_REMOVE_EXPIRED = "unique_remove_expired",
    UNIQUE_HOLDER = "unique_holder",
    UNIQUE_KNOWN = "unique_known",
    UNIQUE_RELEASE = "unique_release",
    UNIQUE_TAKE = "unique_take",
    CANCEL = "cancel",
    CANCEL_FORGET = "cancel_forget",
    CANCEL_PROCESS = "cancel_process",
    CANCELLED = "cancelled",
    CHANGE_COUNT_RAISE = "change_count_raise",
    CHANGE_COUNT = "change_count",
    WINDOW_ANY = "window_any",
    WINDOW_RESTING = "window_resting",
}

/// How many rows a statement for several rows takes.
pub(crate) const GROUP: usize = 16;

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::ALL;
    use crate::migrate::migrate;

    /// The steps of a statement's plan, one a line.
    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).map(Result::unwrap);
        steps.collect::<Vec<_>>().join("\n")
    }

    fn schema() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection
    }

    #[test]
    fn every_statement_uses_the_index_that_its_header_names() {
        let connection = schema();
        for (file, sql) in ALL {
            let header = sql.lines().find_map(|line| line.strip_prefix("-- index: ")).expect(file);
            let plan = plan(&connection, sql);
            let named = header.split([' ', ',']).next().unwrap();
            if named.starts_with("jobs_") || named.starts_with("unique_keys_") {
                assert!(plan.contains(named) || file.starts_with("enqueue"), "{file} does not use {named}:\n{plan}");
            }
        }
    }

    #[test]
    fn no_statement_reads_all_jobs_but_those_that_say_so() {
        let connection = schema();
        for (file, sql) in ALL {
            let plan = plan(&connection, sql);
            let reads_all = plan.lines().any(|step| step == "SCAN jobs" || step.starts_with("SCAN unique_keys"));
            assert!(!reads_all || *file == "prune_find", "{file} reads the whole table:\n{plan}");
        }
    }

    #[test]
    fn a_claim_sorts_nothing() {
        let connection = schema();
        for (file, sql) in ALL.iter().filter(|(file, _)| file.starts_with("claim_") || file.starts_with("open_")) {
            let plan = plan(&connection, sql);
            assert!(!plan.contains("TEMP B-TREE"), "{file} sorts:\n{plan}");
        }
    }
}
