//! Finds jobs without revealing the secrets in their arguments.

pub(crate) mod arguments;
pub(crate) mod list;
pub(crate) mod query;
pub(crate) mod queues;
