//! The six kinds of callbacks, and the job as a callback receives it.

use std::any::Any;
use std::fmt;

/// The operation that a callback belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The job goes into the store.
    Enqueue,
    /// The job runs.
    Perform,
}

/// The six kinds of callbacks. Displayed as the keys of `#[job]` are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Before the body; may halt.
    BeforePerform,
    /// After a body that succeeded.
    AfterPerform,
    /// Around the body.
    AroundPerform,
    /// Before the job is stored; may alter and halt.
    BeforeEnqueue,
    /// After the job was stored.
    AfterEnqueue,
    /// Around the call that stores the job.
    AroundEnqueue,
}

impl Kind {
    /// The operation it belongs to.
    pub const fn moment(self) -> Moment {
        match self {
            Self::BeforePerform | Self::AfterPerform | Self::AroundPerform => Moment::Perform,
            Self::BeforeEnqueue | Self::AfterEnqueue | Self::AroundEnqueue => Moment::Enqueue,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforePerform => "before_perform",
            Self::AfterPerform => "after_perform",
            Self::AroundPerform => "around_perform",
            Self::BeforeEnqueue => "before_enqueue",
            Self::AfterEnqueue => "after_enqueue",
            Self::AroundEnqueue => "around_enqueue",
        })
    }
}

/// A job without its type: one list holds the callbacks of a job type and those of its bases.
pub(crate) type ErasedJob = dyn Any + Send + Sync;
