//! Reads `config/jobs.yml`: which store, which queues and which workers, a section for each environment.
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
//! Everything that is wrong with a file is said at once, each with its place:
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
mod erb;
mod fields;
mod json;
mod load;
mod node;
mod queues;
mod reading;
mod recurring;
mod ruby;
mod section;
mod sort;
mod value;
mod variables;
mod words;

pub use config::Config;
pub use duration::parse_duration;
