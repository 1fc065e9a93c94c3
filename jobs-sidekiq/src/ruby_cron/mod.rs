//! The recurring jobs of the gems sidekiq-cron and sidekiq-scheduler, which are shown among the tasks and, if asked for, served.

mod cron_job;
mod reading;
mod scheduled_job;
mod serving;
mod ticks;

use std::collections::BTreeMap;

use chrono::DateTime;
use cron_job::CronJob;
use jobs_core::{Error, LogText, RecurringRecord, RecurringTasks, Timestamp};
use jobs_syntax::schedule::RubySchedule;
use scheduled_job::ScheduledJob;
pub(crate) use serving::CronServing;

use crate::SidekiqStore;

/// The fields of a hash.
type HashFields = BTreeMap<String, Vec<u8>>;

/// The fields of a hash as Redis has them: names may be any bytes.
type RawFields = BTreeMap<Vec<u8>, Vec<u8>>;

impl SidekiqStore {
    /// Our recurring tasks, and those of the gems.
    pub(crate) async fn all_tasks(&self) -> Result<RecurringTasks, Error> {
        let mut all = self.task_records().all().await?;
        let mut reasons = Vec::new();
        let cron_jobs = self.read_cron_jobs(&mut reasons).await?;
        let schedules = self.read_hash("schedules", &mut reasons).await?;
        let states = self.read_hash("sidekiq-scheduler:states", &mut reasons).await?;
        let last_times = self.read_hash("sidekiq-scheduler:last_times", &mut reasons).await?;
        if let Some(reason) = self.cron.not_shown.new_of(reasons, true) {
            tracing::warn!(reason = %LogText::field(&reason), "recurring jobs of Ruby are not shown");
        }
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
