//! Connections to the server: how they are made, kept, replaced when they are lost, and shared by calls.

pub(crate) mod actor;
pub(crate) mod connector;
mod io_task;
pub(crate) mod notifier;
mod purpose;
pub(crate) mod retry_conflicts;
pub(crate) mod session;
pub(crate) mod tls;

pub(crate) use purpose::Purpose;
