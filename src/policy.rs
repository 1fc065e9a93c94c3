//! Rules about failures as values, for code that does not use the attribute.
//!
//! `#[job(retry_on(..))]` writes these. As [`defaults`](crate::RuntimeBuilder::defaults) a policy applies to all jobs of a
//! runtime.
//!
//! ```
//! use std::io;
//! use std::time::Duration;
//!
//! use jobs::Runtime;
//! use jobs::policy::{Matcher, Policy, RetryPolicy, Rule};
//!
//! let retries = RetryPolicy::new().wait(Duration::from_secs(30)).attempts(3);
//! let policy = Policy::new().rule(Rule::retry(Matcher::error::<io::Error>("io::Error"), retries));
//! let builder = Runtime::builder().defaults(policy);
//! # drop(builder);
//! ```
//!
//! The guide explains [which rule applies](crate::guide::failures#which-rule-applies).

pub use jobs_core::{
    Attempts, FailureCallback, FailureFuture, Jitter, Matcher, Outcome, Policy, Raises, RetryPolicy, Rule, Timeout,
    Wait,
};
