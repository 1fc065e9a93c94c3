//! Jobs that recur.
#![deny(warnings)]

use std::time::Duration;

use jobs::prelude::*;
use jobs::Job;
use jobs::recurring::{MissedTicks, JobSchedule};

const OFTEN: Duration = Duration::from_secs(20);

#[job(cron = "0 2 * * *", zone = "Europe/Berlin", missed = once)]
async fn clean_up(#[default = 30] days: u32) -> Result<(), std::io::Error> {
    let _ = days;
    Ok(())
}

#[job(cron = "every day at 5am in America/New_York")]
async fn report() {}

#[job(every = 5m, missed = all(24))]
async fn measure(store: &String) {
    drop(store.clone());
}

#[job(every = OFTEN, missed = skip, unique(until = done))]
async fn look() {}

fn main() {
    let cron = JobSchedule::cron("0 2 * * *").zone("Europe/Berlin").missed(MissedTicks::Once);
    assert_eq!(CleanUp::SETTINGS.recurs, Some(cron));
    assert_eq!(Report::SETTINGS.recurs, Some(JobSchedule::cron("every day at 5am in America/New_York")));
    assert_eq!(Measure::SETTINGS.recurs, Some(JobSchedule::every(Duration::from_secs(300)).missed(MissedTicks::All(24))));
    assert_eq!(Look::SETTINGS.recurs, Some(JobSchedule::every(OFTEN)));
    assert_eq!(CleanUp::new().days(7).days, 7);
}
