//! Schedules: cron lines, durations and plain English that say when a job recurs.
//!
//! This module knows calendars but no clock, and the names of time zones but not their rules.

mod calendar;
mod cron;
mod cron_line;
mod describe;
mod dialect;
mod english;
mod error;
mod field;
mod read;
mod ruby;
mod zones;

pub use calendar::Local;
pub use cron::Cron;
pub use error::ScheduleError;
pub use read::{Rhythm, Written, read};
pub use ruby::{RubySchedule, read_ruby, read_ruby_interval};
pub use zones::{is_zone, rails_zone, zone_hint, zones};
