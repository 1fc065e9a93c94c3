//! The keys of `#[job]` that `#[remote]` does not have, because they matter only where a job is performed.

const FAILURES: &str = "failures happen where it is performed, and the rules about them belong there";
const PERFORMS: &str = "this program does not perform it; what runs around a perform belongs where that happens";
const ARGUMENTS: &str = "its arguments are read where it is performed, and older ones are upgraded there";
const SCHEDULES: &str =
    "a recurring task that enqueues it is declared in `config/jobs.yml`, or where the runtime is built";

/// Why a job that is performed elsewhere does not have this key; `None` if it may have it.
pub(crate) fn refusal(key: &str) -> Option<&'static str> {
    Some(match key {
        "retry_on" | "discard_on" | "rescue_from" | "after_discard" | "jitter" => FAILURES,
        "timeout" | "before_perform" | "after_perform" | "around_perform" => PERFORMS,
        "blocking" => "there is no body that could block",
        "version" | "upgrade" => ARGUMENTS,
        "aliases" => "aliases are names under which jobs are performed; declare a second job to enqueue another name",
        "cron" | "every" | "zone" | "missed" => SCHEDULES,
        _ => return None,
    })
}
