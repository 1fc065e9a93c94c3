//! The recurring jobs of the gems sidekiq-cron and sidekiq-scheduler, which are shown among the tasks and, if asked for, served.

mod cron_job;
mod scheduled_job;
mod serving;

use std::collections::BTreeMap;

use chrono::DateTime;
use cron_job::CronJob;
use jobs_core::{Error, RecurringRecord, RecurringTasks, Timestamp};
use jobs_syntax::schedule::RubySchedule;
use scheduled_job::ScheduledJob;
pub(crate) use serving::CronServing;

use crate::{SidekiqStore, scripts};

/// The fields of a hash.
type HashFields = BTreeMap<String, Vec<u8>>;

/// The fields of a hash as Redis has them: names may be any bytes.
type RawFields = BTreeMap<Vec<u8>, Vec<u8>>;

/// What the script answers: key, fields and last entry of the history of each job of sidekiq-cron; then of sidekiq-scheduler the
/// jobs, their states, and when each was enqueued last.
type CronReply = (Vec<(Vec<u8>, RawFields, Vec<u8>)>, RawFields, RawFields, RawFields);

/// The recurring jobs of Ruby as Redis has them.
struct RubyCron {
    /// Key, fields and last entry of the history of each job of sidekiq-cron.
    cron_jobs: Vec<(String, HashFields, Vec<u8>)>,
    /// The jobs of sidekiq-scheduler by their names, their states, and when each was enqueued last.
    schedules: HashFields,
    states: HashFields,
    last_times: HashFields,
}

impl SidekiqStore {
    /// Our recurring tasks, and those of the gems.
    pub(crate) async fn all_tasks(&self) -> Result<RecurringTasks, Error> {
        let mut all = self.task_records().all().await?;
        let RubyCron { cron_jobs, schedules, states, last_times } = self.read_ruby_cron().await?;
        let names = self.options.names;
        let cron_jobs = cron_jobs.iter().filter_map(|job| CronJob::read(job, self.options.writes_active_jobs));
        all.tasks.extend(cron_jobs.map(|job| job.record(names, self.cron_zone(), all.now)));
        all.tasks.extend(schedules.iter().filter_map(|(name, config)| {
            let job = ScheduledJob::read(name, config, states.get(name).map(Vec::as_slice))?;
            Some(job.record(names, last_times.get(name).map(Vec::as_slice), self.cron_zone(), all.now))
        }));
        all.tasks.sort_by(|one, other| one.task.key.cmp(&other.task.key));
        Ok(all)
    }

    async fn read_ruby_cron(&self) -> Result<RubyCron, Error> {
        let namespaces = &self.options.cron.namespaces;
        // Versions before 2 have no namespaces.
        let sets = std::iter::once("cron_jobs".to_owned());
        let sets = sets.chain(namespaces.iter().map(|namespace| format!("cron_jobs:{namespace}")));
        let words = [self.options.namespace_prefix(), (namespaces.len() + 1).to_string()].into_iter().chain(sets);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let (cron_jobs, schedules, states, last_times): CronReply =
            self.link.run(&scripts::CRON_JOBS, &arguments, "read the recurring jobs of Ruby").await?;
        let cron_jobs = cron_jobs.into_iter().map(|(key, all, last)| (text(&key), fields(all), last)).collect();
        let (schedules, states, last_times) = (fields(schedules), fields(states), fields(last_times));
        Ok(RubyCron { cron_jobs, schedules, states, last_times })
    }

    fn cron_zone(&self) -> Option<&str> {
        self.options.cron.zone.as_deref()
    }
}

/// Sets when a task of Ruby recurs: its own zone, otherwise that of the fleet. A text that is no schedule stays, with its fault.
fn set_schedule(record: &mut RecurringRecord, written: &str, read: Option<RubySchedule>, zone: Option<&str>) {
    let (schedule, own_zone) = read.map_or_else(|| (written.to_owned(), None), |read| (read.schedule, read.zone));
    record.task.zone = own_zone.or_else(|| zone.map(str::to_owned));
    record.task.schedule = schedule;
}

fn fields(raw: RawFields) -> HashFields {
    raw.into_iter().map(|(name, value)| (text(&name), value)).collect()
}

/// A text of a field, which is to be UTF-8.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A time as both gems write it, `2026-01-02 03:04:05 +0000`, or in ISO 8601.
fn ruby_time(written: &str) -> Option<Timestamp> {
    let time = DateTime::parse_from_str(written, "%Y-%m-%d %H:%M:%S %z");
    time.or_else(|_other| DateTime::parse_from_rfc3339(written)).ok().map(Timestamp::from)
}
