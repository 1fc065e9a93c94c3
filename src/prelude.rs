//! What most programs need: `use jobs::prelude::*;`.

pub use crate::JobExt as _;
pub use crate::{Context, DeserializeError, Enqueued, Failure, Halt, Job, Jobs, Runtime, Worker, job};
