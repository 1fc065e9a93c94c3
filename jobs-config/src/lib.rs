//! Reads `config/jobs.yml`: the store, the queues and the workers, with a section for each environment.
//!
//! ```
//! use jobs_config::Config;
//!
//! let text = "
//! development:
//!   store: sqlite:jobs.db
//! production:
//!   store: ${DATABASE_URL}
//!   workers:
//!     - { queues: [critical, mail], threads: 20 }
//! ";
//! let variables = |name: &str| (name == "DATABASE_URL").then(|| "postgres://db/shop".to_owned());
//! let config = Config::parse(text, "production", variables)?;
//! assert_eq!(config.store.as_deref(), Some("postgres://db/shop"));
//! assert_eq!(config.workers.len(), 1);
//! let builder = config.builder();
//! # drop(builder);
//! # Ok::<(), jobs_core::Error>(())
//! ```
//!
//! All mistakes of a file are reported at once, each with its location:
//!
//! ```
//! # use jobs_config::Config;
//! let text = "development:\n  shutdown_timout: 25s\n  poll_interval: 1\n";
//! let error = Config::parse(text, "development", |_| None).unwrap_err().to_string();
//! let lines: Vec<_> = error.lines().collect();
//! assert!(lines[0].starts_with("jobs.yml:2:3: `shutdown_timout` is not a key of an environment"));
//! assert!(lines[0].ends_with("did you mean `shutdown_timeout`?"));
//! assert!(lines[1].starts_with("jobs.yml:3:18: `poll_interval` is a duration"));
//! ```

mod config;
mod document;
mod duration;
mod file_kind;
mod jobs_yml;
mod load;
mod ruby;
mod time_zone;

pub use config::Config;
pub use duration::parse_duration;
