//! The last pass: writes Rust code from the model.

mod argument;
mod base;
mod callbacks;
mod debug;
mod duration;
mod fallback;
mod functions;
mod implementation;
mod job;
mod methods;
mod policy;
mod returned;
mod rules;
mod schedule;
mod settings;
mod stored;

pub(crate) use self::base::base;
pub(crate) use self::fallback::{invalid_base, invalid_job, invalid_remote};
pub(crate) use self::job::{job, remote};
