//! Functions around enqueue and perform. They may alter the job and halt it; events may not.

mod condition;
mod declaration;
mod draft;
mod enqueue_chain;
mod kind;
mod next;
mod perform_chain;
mod result;
mod skip;
mod typed;

pub use condition::Condition;
pub use declaration::Callback;
pub use draft::{JobDraft, Storing};
pub use kind::{Kind, Moment};
pub use next::{Next, NextEnqueue};
pub use result::{Answer, Async, CallbackFuture, Halt, IntoVerdict, Plain, Stop, Verdict, told, verdict};

pub(crate) use enqueue_chain::run_enqueue;
pub(crate) use kind::ErasedJob;
pub(crate) use perform_chain::run_perform;
pub(crate) use skip::SkippedCallback;
