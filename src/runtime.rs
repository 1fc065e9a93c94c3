//! Less common parts of clients and runtimes: queue names, error reports, cancellation.
//!
//! ```
//! use jobs::Runtime;
//! use jobs::runtime::QueueNaming;
//!
//! // The queue `mail` of the code is `shop_mail` in the store.
//! let builder = Runtime::builder().naming(QueueNaming::new().prefix("shop"));
//! # drop(builder);
//! ```

pub use jobs_core::Cancellation;
pub use jobs_runtime::{EnterGuard, ErrorReport, ErrorReporter, QueueNaming};
