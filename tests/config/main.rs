//! `config/jobs.yml`, from the file to the job that ran.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod loading;
mod running;
