//! Jobs of Ruby's Delayed Job: what the rows of its table say, and rows as Ruby writes them.
//!
//! It is pure: no input, no output. A [`PayloadObject`] is what the column `handler` of the table `delayed_jobs` says, in YAML with the
//! tags of Ruby's Psych. It is read as data: no tag is resolved, nothing is made from it, and size, depth and expansion have limits.
//! [`row`] has the other columns, and the row of a new job.
//!
//! ```
//! use jobs_delayed_job::PayloadObject;
//!
//! let text = "--- !ruby/struct:SendMail\nuser_id: 7\nnote: 'hello: world'\n";
//! let payload = PayloadObject::read(text)?;
//! assert_eq!(payload.name(), "SendMail");
//! assert_eq!(payload.arguments(), r#"{"user_id":7,"note":"hello: world"}"#);
//! # Ok::<(), jobs_core::Error>(())
//! ```

mod payload;
pub mod row;
mod yaml;

pub use payload::{MethodCall, PayloadObject, Receiver};
