//! What a payload says about its job, and the changes that moves make in it.

use jobs_active_job::{ClassNames, SerializedJob, named_arguments};
use jobs_core::{ClaimToken, ErrorRecord, Execution, JobRecord, State, Timestamp};

use super::times::{self, TimeUnit};
use super::{Payload, active_job, backtrace, travel};

impl Payload {
    /// The name of its job.
    pub(crate) fn name(&self, names: ClassNames) -> String {
        let of_rails = self.active_job.as_ref().and_then(SerializedJob::class);
        let class: String = of_rails.or_else(|| self.object.get("class")).unwrap_or_default();
        names.name_of(&class).into_owned()
    }

    /// The class that Sidekiq's pages and metrics name it by.
    pub(crate) fn shown_class(&self) -> String {
        let named = |key: &str| self.object.get::<String>(key).filter(|class| !class.is_empty());
        named("wrapped").or_else(|| named("class")).unwrap_or_default()
    }

    /// Its arguments as JSON text.
    pub(crate) fn arguments(&self) -> String {
        if let Some(job) = &self.active_job {
            return active_job::arguments(job);
        }
        let list = || named_arguments(self.object.raw("args").unwrap_or("[]"), self.own.names.as_deref());
        self.own.text.clone().unwrap_or_else(list)
    }

    /// Its metadata. Of a job that Ruby enqueued it is what travels with it.
    pub(crate) fn meta(&self) -> Option<String> {
        let of_ruby = || if self.is_ours() { None } else { travel::meta_of(&self.object, self.active_job.as_ref()) };
        self.own.meta.clone().or_else(of_ruby)
    }

    pub(super) fn time(&self, key: &str) -> Option<Timestamp> {
        times::read(self.object.raw(key)?)
    }

    /// How many attempts have failed. A retry from the web page lowers the number that Sidekiq keeps, down to -1.
    pub(crate) fn failures(&self) -> u32 {
        let retries: Option<i64> = self.object.get("retry_count");
        let counted = retries.map_or(0, |count| u32::try_from(count.saturating_add(1).max(0)).unwrap_or(u32::MAX));
        // Executions that Active Job's own rules ended were jobs of their own in Sidekiq.
        counted.saturating_add(self.active_job.as_ref().map_or(0, SerializedJob::executions))
    }

    /// When it last failed.
    fn failed_at(&self) -> Option<Timestamp> {
        self.time("retried_at").or_else(|| self.time("failed_at"))
    }

    fn received_at(&self) -> Option<Timestamp> {
        let own = self.own.at.map(Timestamp::from_micros);
        own.or_else(|| self.time("created_at")).or_else(|| self.time("enqueued_at"))
    }

    /// When it became ready, or was due: what we noted down, unless Ruby has moved the job since.
    pub(crate) fn ready_at(&self) -> Timestamp {
        let pushed = self.time("enqueued_at").or_else(|| self.received_at()).unwrap_or_default();
        let noted = self.own.due.or(self.own.at).map(Timestamp::from_micros);
        let is_current = |noted: &Timestamp| {
            self.failed_at().is_none_or(|failed| failed.as_millis() <= noted.as_millis())
                && noted.as_millis() <= pushed.as_millis()
        };
        noted.filter(is_current).unwrap_or(pushed)
    }

    /// When it is due that has this score. A score may differ a little from the time that was asked for, since no two members
    /// of a set have the same.
    pub(crate) fn due_at(&self, score: f64) -> Timestamp {
        let score = times::of_seconds(score);
        let noted = self.own.due.map(Timestamp::from_micros);
        noted.filter(|noted| noted.as_micros().abs_diff(score.as_micros()) < 1_000_000).unwrap_or(score)
    }

    /// The errors of its attempts that are known, the last one among them.
    pub(crate) fn errors(&self) -> Vec<ErrorRecord> {
        let mut errors = self.own.errors.clone();
        if let Some(last) = self.last_error() {
            let is_known = |own: &ErrorRecord| own.class == last.class && own.message == last.message;
            if !errors.last().is_some_and(is_known) {
                last.append_to(&mut errors);
            }
        }
        errors
    }

    /// The error in Sidekiq's own fields.
    fn last_error(&self) -> Option<ErrorRecord> {
        let class: String = self.object.get("error_class")?;
        let mut error = ErrorRecord::new(class, self.object.get::<String>("error_message").unwrap_or_default());
        (error.attempt, error.at) = (self.failures().max(1), self.failed_at().unwrap_or_default());
        let lines: Option<String> = self.object.get("error_backtrace");
        error.causes = lines.and_then(|lines| backtrace::unpack(&lines)).unwrap_or_default();
        Some(error)
    }

    /// The job as it stands in this queue and state. The caller sets what only the location of the text tells.
    pub(crate) fn record(&self, names: ClassNames, queue: String, state: State, due_at: Timestamp) -> JobRecord {
        let mut record = JobRecord::new(self.id, self.name(names), self.arguments());
        (record.queue, record.state, record.due_at) = (queue, state, due_at);
        (record.priority, record.version) = (self.own.priority, self.own.version.unwrap_or(1));
        (record.meta, record.errors, record.attempts) = (self.meta(), self.errors(), self.failures());
        record.enqueued_at = self.received_at().unwrap_or_default();
        record.expires_at = self.own.expires.map(Timestamp::from_micros);
        record.concurrency_key.clone_from(&self.own.concurrency_key);
        record.batch_id.clone_from(&self.own.batch_id);
        record
    }

    /// The job as a worker gets it that claimed it from this queue.
    pub(crate) fn execution(&self, names: ClassNames, token: ClaimToken, queue: String) -> Execution {
        let mut execution = Execution::new(token, self.name(names), self.arguments());
        (execution.queue, execution.priority) = (queue, self.own.priority);
        (execution.version, execution.meta) = (self.own.version.unwrap_or(1), self.meta());
        execution.attempt = self.failures().saturating_add(1);
        execution.enqueued_at = self.received_at().unwrap_or_default();
        execution.due_at = self.ready_at();
        execution.expires_at = self.own.expires.map(Timestamp::from_micros);
        execution
    }

    /// The payload for a list, pushed at this time.
    pub(crate) fn pushed(mut self, unit: TimeUnit, now: Timestamp) -> Self {
        // A Ruby process schedules an entry again that has a time in it.
        self.object.remove("at");
        self.complete(unit, now);
        self.object.set("enqueued_at", unit.json(now));
        self
    }

    /// Adds what Sidekiq's client adds to an entry that lacks it.
    fn complete(&mut self, unit: TimeUnit, now: Timestamp) {
        if self.object.raw("created_at").is_none() {
            self.object.set("created_at", unit.json(now));
        }
        if self.object.raw("retry").is_none() {
            self.object.set("retry", true);
        }
        let queue = self.queue();
        self.object.set("queue", queue);
    }

    /// The payload for the set of scheduled jobs, due at this time. A job of Ruby is left as it is.
    pub(crate) fn scheduled(mut self, due: Timestamp) -> Self {
        self.object.remove("at");
        self.object.remove("enqueued_at");
        self.due(due)
    }

    /// Notes down when it is due, if Rust enqueued it.
    pub(crate) fn due(mut self, due: Timestamp) -> Self {
        if self.is_ours() {
            self.own.due = Some(due.as_micros());
            self.save_own();
        }
        self
    }

    /// Replaces the metadata.
    pub(crate) fn with_meta(mut self, meta: Option<&str>) -> Self {
        if self.meta().as_deref() != meta {
            self.own.meta = meta.map(str::to_owned);
            self.save_own();
        }
        self
    }

    /// For another queue.
    pub(crate) fn moved(mut self, queue: &str) -> Self {
        self.object.set("queue", queue);
        self
    }

    /// With another priority, if one is given.
    pub(crate) fn with_priority(mut self, priority: Option<i32>) -> Self {
        if let Some(priority) = priority {
            self.own.priority = priority;
            self.save_own();
        }
        self
    }
}
