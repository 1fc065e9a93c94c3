//! What `Manage` promises: manual changes, paused queues and pruning.

pub mod manage;
pub mod pause;
pub mod prune;
