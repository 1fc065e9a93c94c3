//! The texts that people write for `jobs`: schedules, durations, sizes, queue names, and hints for
//! misspelled words.
//!
//! The macro, the configuration and the core read them with this crate, so a literal that compiles is accepted by the
//! runtime too. The crate has no input or output, and one small dependency, because each program with jobs compiles it
//! before its macros.

pub mod duration;
pub mod queue_name;
pub mod schedule;
pub mod size;
pub mod spelling;
