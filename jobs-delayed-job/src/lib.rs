//! Jobs of Ruby's Delayed Job: what its handlers say, and handlers as Ruby writes them.
//!
//! It is pure: no input, no output. A [`Handler`] is the text of a job in the table `delayed_jobs`, YAML with the tags of Ruby's
//! Psych. It is read as data: no tag is resolved, nothing is made from it, and size, depth and expansion have limits.
//!
//! ```
//! use jobs_delayed_job::Handler;
//!
//! let text = "--- !ruby/struct:SendMail\nuser_id: 7\nnote: 'hello: world'\n";
//! let handler = Handler::read(text)?;
//! assert_eq!(handler.name(), "SendMail");
//! assert_eq!(handler.arguments(), r#"{"user_id":7,"note":"hello: world"}"#);
//! # Ok::<(), jobs_core::Error>(())
//! ```

mod handler;
mod yaml;

pub use handler::{Handler, MethodCall, Receiver};
