//! What most programs need: `use jobs::prelude::*;`.

pub use crate::JobExt as _;
pub use crate::{Client, Context, DeserializeError, Enqueued, Failure, Halt, Job, Runtime, Worker, job};
