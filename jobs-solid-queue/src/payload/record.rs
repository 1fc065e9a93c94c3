//! What a row says about its job: for pages, and for the worker that claimed it.

use std::time::Duration;

use jobs_active_job::ClassNames;
use jobs_core::{ClaimToken, ErrorRecord, Execution, JobRecord, ProcessId, State, Timestamp};

use super::{JobRow, RowPayload, of_column};

/// The zones of the world differ by quarters of an hour.
const ZONES_DIFFER: Duration = Duration::from_secs(15 * 60);

/// Where a job stands: what the other tables say of a row of `solid_queue_jobs`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExecutionRow {
    /// In `ready_executions`, with its queue and its priority there, which decide.
    Ready { queue: String, priority: i64 },
    /// In `scheduled_executions`, due at this time.
    Scheduled(Timestamp),
    /// In `blocked_executions`.
    Blocked,
    /// In `claimed_executions`; without a process if it is not known.
    Claimed { process: Option<ProcessId>, since: Option<Timestamp> },
    /// In `failed_executions`, with the text of its error and the time at which it came there.
    Failed { error: Option<String>, at: Timestamp },
    /// It is finished or discarded.
    Done,
    /// In no other table, and not finished: no worker will get it.
    Nowhere,
}

impl RowPayload {
    /// The name of its job. Ruby goes by this class too, and not by the column.
    pub(crate) fn name(&self, names: ClassNames) -> String {
        names.name_of(&self.job.class().unwrap_or_default()).into_owned()
    }

    /// How many attempts are over.
    pub(crate) fn attempts(&self) -> u32 {
        self.own.attempts.saturating_add(self.job.executions())
    }

    /// How many processes died while they ran it.
    pub(crate) const fn crashes(&self) -> u32 {
        self.own.crashes
    }

    /// The errors of its attempts that are known, with the one in `failed_executions`.
    pub(crate) fn errors(&self, failed: Option<&ErrorRecord>) -> Vec<ErrorRecord> {
        let mut errors = self.own.errors.clone();
        if let Some(failed) = failed {
            let class = |error: &ErrorRecord| crate::failed::written_class(error).to_owned();
            let is_known = |own: &ErrorRecord| class(own) == class(failed) && own.message == failed.message;
            if !errors.last().is_some_and(is_known) {
                failed.append_to(&mut errors);
            }
        }
        errors
    }

    /// When the job was enqueued. In MySQL `created_at` may be of another zone than UTC; it is then at least a quarter of an
    /// hour from the time that Active Job wrote.
    pub(crate) fn received_at(&self, row: &JobRow) -> Timestamp {
        let is_other_zone = |at: &Timestamp| {
            let (earlier, later) = (row.created_at.min(*at), row.created_at.max(*at));
            later.duration_since(earlier) >= ZONES_DIFFER
        };
        let own = self.own.at.map(Timestamp::from_micros);
        own.or_else(|| self.job.enqueued_at().filter(is_other_zone)).unwrap_or(row.created_at)
    }

    /// The job as a worker gets it that claimed it from this queue, with the priority in the column.
    pub(crate) fn execution(
        &self,
        row: &JobRow,
        names: ClassNames,
        token: ClaimToken,
        (queue, priority): (String, i64),
    ) -> Execution {
        let mut execution = Execution::new(token, self.name(names), self.arguments());
        (execution.queue, execution.priority) = (queue, of_column(priority));
        (execution.version, execution.meta) = (self.own.version.unwrap_or(1), self.meta());
        (execution.attempt, execution.crashes) = (self.attempts().saturating_add(1), self.own.crashes);
        (execution.enqueued_at, execution.due_at) = (self.received_at(row), row.due_at());
        execution.expires_at = self.own.expires.map(Timestamp::from_micros);
        execution
    }
}

impl JobRow {
    /// The job as it stands. One whose `arguments` cannot be read has the name of its class, and the text as its arguments.
    pub(crate) fn record(&self, standing: ExecutionRow, names: ClassNames) -> JobRecord {
        let payload = self.payload().ok();
        let mut record = match &payload {
            Some(payload) => JobRecord::new(self.job_id(), payload.name(names), payload.arguments()),
            None => {
                JobRecord::new(self.job_id(), names.name_of(&self.class), self.arguments.clone().unwrap_or_default())
            }
        };
        record.queue.clone_from(&self.queue);
        record.priority = of_column(self.priority);
        (record.enqueued_at, record.due_at) = (self.created_at, self.due_at());
        record.concurrency_key.clone_from(&self.concurrency_key);
        if let Some(payload) = &payload {
            payload.add_to(&mut record, self);
        }
        self.add_standing(&mut record, standing, payload.as_ref());
        record
    }

    fn add_standing(&self, record: &mut JobRecord, standing: ExecutionRow, payload: Option<&RowPayload>) {
        record.state = match standing {
            ExecutionRow::Ready { queue, priority } => {
                (record.queue, record.priority) = (queue, of_column(priority));
                State::Ready
            }
            ExecutionRow::Scheduled(due) => {
                record.due_at = due;
                State::Scheduled
            }
            ExecutionRow::Blocked | ExecutionRow::Nowhere => State::Blocked,
            ExecutionRow::Claimed { process, since } => {
                (record.attempts, record.claimed_by) = (record.attempts.saturating_add(1), process);
                record.claimed_at = since;
                State::Claimed
            }
            ExecutionRow::Failed { error, at } => {
                record.attempts = record.attempts.saturating_add(1);
                let failed = error.map(|text| failed_record(&text, record.attempts, at));
                record.errors = match payload {
                    Some(payload) => payload.errors(failed.as_ref()),
                    None => failed.into_iter().collect(),
                };
                State::Failed
            }
            ExecutionRow::Done => {
                record.done_at = self.finished_at;
                if self.is_discarded() {
                    State::Discarded
                } else {
                    record.attempts = record.attempts.saturating_add(1);
                    State::Finished
                }
            }
        };
    }
}

/// The error of a row of `failed_executions`.
pub(crate) fn failed_record(text: &str, attempt: u32, at: Timestamp) -> ErrorRecord {
    let mut error = crate::read_error(text);
    (error.attempt, error.at) = (attempt, at);
    error
}

impl RowPayload {
    fn add_to(&self, record: &mut JobRecord, row: &JobRow) {
        (record.version, record.meta) = (self.own.version.unwrap_or(1), self.meta());
        (record.attempts, record.crashes) = (self.attempts(), self.own.crashes);
        record.errors.clone_from(&self.own.errors);
        record.enqueued_at = self.received_at(row);
        record.expires_at = self.own.expires.map(Timestamp::from_micros);
        record.batch_id.clone_from(&self.own.batch_id);
    }
}
