//! The time zone of schedules that name none.

use jobs_core::{Error, RecurringTask, Schedule};
use jobs_syntax::schedule::{Cron, Rhythm, Written, rails_zone, read};

use crate::Config;

impl Config {
    /// Sets the [`time_zone`](Self::time_zone), by its name in the IANA database (`America/New_York`) or in Rails
    /// (`Eastern Time (US & Canada)`), as it is in `config.time_zone` there.
    ///
    /// # Errors
    /// There is no such time zone.
    pub fn set_time_zone(&mut self, name: &str) -> Result<(), Error> {
        let zone = rails_zone(name).unwrap_or(name);
        Schedule::check_zone(zone)?;
        self.time_zone = Some(zone.to_owned());
        Ok(())
    }

    /// The warning that schedules in files of Ruby projects name no time zone and are read in UTC, where Ruby reads them in
    /// the time zone of the application. `None` if each names one, or if there is a [`time_zone`](Self::time_zone).
    pub fn zone_warning(&self) -> Option<String> {
        let are = match (&self.time_zone, self.without_zone) {
            (Some(_), _) | (None, 0) => return None,
            (None, 1) => "1 schedule names no time zone and is".to_owned(),
            (None, count) => format!("{count} schedules name no time zone and are"),
        };
        Some(format!(
            "{are} read in UTC, where Ruby takes the `config.time_zone` of the application: name it with \
             `--zone America/New_York` or in the variable `JOBS_TIME_ZONE`, `UTC` if it is that"
        ))
    }

    /// All warnings, also the one about time zones; afterwards there are none.
    pub fn take_warnings(&mut self) -> Vec<String> {
        let mut warnings = std::mem::take(&mut self.warnings);
        warnings.extend(self.zone_warning());
        self.without_zone = 0;
        warnings
    }

    /// The task, in the time zone of this configuration unless it names one.
    pub(crate) fn in_time_zone(&self, task: RecurringTask) -> RecurringTask {
        match &self.time_zone {
            Some(zone) if cron_without_zone(&task).is_some() => task.zone(zone),
            _ => task,
        }
    }
}

/// How many of the tasks name hours or days, and no time zone.
pub(crate) fn count_without_zone(tasks: &[RecurringTask]) -> usize {
    tasks.iter().filter_map(cron_without_zone).filter(Cron::is_of_a_zone).count()
}

/// The cron line of the task, if it has one without a time zone. An interval has none.
fn cron_without_zone(task: &RecurringTask) -> Option<Cron> {
    if task.zone.is_some() {
        return None;
    }
    match read(&task.schedule) {
        Ok(Written { rhythm: Rhythm::Cron(cron), zone: None }) => Some(cron),
        _ => None,
    }
}
