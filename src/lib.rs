#![doc = "[guide]: guide"]
// This and the next are the links of the README: in these pages they lead into the guide.
//! [examples]: guide::examples
//! [defining_jobs]: guide::defining_jobs
//! [failures]: guide::failures
//! [callbacks]: guide::callbacks
//! [unique_jobs]: guide::unique_jobs
//! [recurring]: guide::recurring
//! [context]: guide::context
//! [running]: guide::running
//! [observing]: guide::observing
//! [stores]: guide::stores
//! [transactions]: guide::transactions
#![cfg_attr(feature = "config", doc = "[configuration]: guide::configuration")]
#![cfg_attr(not(feature = "config"), doc = "[configuration]: guide")]
//! [command_line]: guide::command_line
//! [dashboard]: guide::dashboard
//! [production]: guide::production
//! [testing]: guide::testing
//! [from_active_job]: guide::from_active_job
#![cfg_attr(feature = "config", doc = "[from_ruby_config]: guide::from_ruby_config")]
#![cfg_attr(not(feature = "config"), doc = "[from_ruby_config]: guide")]
#![cfg_attr(feature = "sidekiq", doc = "[sidekiq]: guide::sidekiq")]
#![cfg_attr(not(feature = "sidekiq"), doc = "[sidekiq]: guide")]
#![cfg_attr(feature = "resque", doc = "[resque]: guide::resque")]
#![cfg_attr(not(feature = "resque"), doc = "[resque]: guide")]
#![cfg_attr(feature = "solid-queue", doc = "[solid_queue]: guide::solid_queue")]
#![cfg_attr(not(feature = "solid-queue"), doc = "[solid_queue]: guide")]
#![cfg_attr(feature = "delayed-job", doc = "[delayed_job]: guide::delayed_job")]
#![cfg_attr(not(feature = "delayed-job"), doc = "[delayed_job]: guide")]
//! [promises]: guide::promises
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! The names at the root are those that most programs use: [`job`], [`Client`], [`Runtime`], [`Worker`], [`Context`], and the
//! types around them. The others are in modules by concept.
//!
//! | module | what is in it |
//! |---|---|
//! | [`guide`] | the guide: start with [defining jobs](guide::defining_jobs) |
//! | [`prelude`] | what most files import |
//! | [`store`] | opening, querying, changing and writing stores |
//! | [`policy`] | rules about failures as values |
//! | [`callback`] | callbacks around enqueue and perform |
//! | [`definition`] | jobs without the macro |
//! | `active_job` (feature `active-job`) | values of Ruby as arguments: symbols, records, times |
//! | [`figures`] | attempts by job and queue over an hour, a day and a week |
//! | [`unique`], [`recurring`], [`transaction`], [`propagation`] | one feature each |
//! | [`events`], [`health`], [`json`], [`logs`] | watching |
//! | [`runtime`], [`time`] | queue names, error reports; clocks and random bits |

// The code that the macros write names the crate as users do, also here.
#[allow(unused_extern_crates)]
extern crate self as jobs;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod figures;
pub mod guide;
pub mod prelude;

pub mod callback;
pub mod definition;
pub mod events;
pub mod health;
pub mod logs;
pub mod policy;
pub mod propagation;
pub mod recurring;
pub mod runtime;
pub mod store;
pub mod time;
pub mod transaction;
pub mod unique;

#[cfg(feature = "active-job")]
pub use jobs_active_job as active_job;
#[cfg(feature = "config")]
pub use jobs_config::{self as config, Config};
pub use jobs_core::json;
pub use jobs_core::{
    BoxError, Context, Definition, DeserializeError, Due, Enqueued, Error, Event, Expired, Expires, Failure, Halt, Job,
    JobId, Panic, Result, Settings, State, TimedOut, Timestamp,
};
#[cfg(feature = "delayed-job")]
pub use jobs_delayed_job as delayed_job;
/// `#[jobs::base(..)] struct ApplicationJob;`: the keys of a base are in the
/// [guide](crate::guide::defining_jobs#all-keys).
pub use jobs_macros::base;
/// All keys are in the [guide](crate::guide::defining_jobs#all-keys); owned parameters are stored, borrowed ones are
/// provided by the runtime.
///
/// ```
/// use std::io;
///
/// use jobs::prelude::*;
///
/// #[job(queue = "mail", timeout = 30s, retry_on(io::Error, wait = 5s, attempts = 3))]
/// async fn send_letter(to: String, ctx: &Context) -> Result<(), io::Error> {
///     println!("attempt {} to write to {to}", ctx.attempt());
///     Ok(())
/// }
///
/// # async fn example() -> jobs::Result<()> {
/// SendLetter::perform_later("Ada").await?;
/// # Ok(())
/// # }
/// ```
pub use jobs_macros::job;
/// A job that another program performs, such as a Rails application that shares the store: a function without a body, whose
/// struct has `perform_later` and no `perform_now`. See [the guide](crate::guide::performed_elsewhere).
///
/// ```
/// #[jobs::remote(name = "EmailJob", queue = "emails")]
/// fn email(user_id: u64, template: String, #[keyword] message: Option<String>);
///
/// # async fn example() -> jobs::Result<()> {
/// Email::perform_later(42, "welcome", Some("Hello".to_owned())).await?;
/// # Ok(())
/// # }
/// ```
pub use jobs_macros::remote;
#[cfg(feature = "memory")]
pub use jobs_memory as memory;
#[cfg(feature = "metrics")]
pub use jobs_metrics as metrics;
#[cfg(feature = "opentelemetry")]
pub use jobs_opentelemetry as opentelemetry;
#[cfg(feature = "postgres")]
pub use jobs_postgres as postgres;
#[cfg(feature = "resque")]
pub use jobs_resque as resque;
pub use jobs_runtime::{
    AnyJob, ChangeOutcome, Client, EnqueueOptions, JobExt, PartialEnqueue, PerformAllLater, PerformError, PerformLater,
    PerformNow, Runtime, RuntimeBuilder, RuntimeHandle, Worker,
};
#[cfg(feature = "sidekiq")]
pub use jobs_sidekiq as sidekiq;
#[cfg(feature = "solid-queue")]
pub use jobs_solid_queue as solid_queue;
#[cfg(feature = "sqlite")]
pub use jobs_sqlite as sqlite;

/// An explicit list of jobs, for programs that do not register them through the linker.
///
/// ```
/// use jobs::definition::Definition;
/// use jobs::prelude::*;
///
/// #[job]
/// async fn greet(name: String) -> Result<(), std::io::Error> {
///     println!("Hello, {name}!");
///     Ok(())
/// }
///
/// let list: [Definition; 1] = jobs::jobs![Greet];
/// assert_eq!(list[0].name(), "greet");
/// ```
#[macro_export]
macro_rules! jobs {
    ($($job:ty),* $(,)?) => {
        [$($crate::definition::Definition::of::<$job>()),*]
    };
}
