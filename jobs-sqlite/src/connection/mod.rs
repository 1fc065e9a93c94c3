//! The two connections of a store, each on a thread of its own: one writes, one reads.

pub(crate) mod change_watcher;
pub(crate) mod db_file;
pub(crate) mod reader;
pub(crate) mod row_id_cache;
pub(crate) mod setup;
pub(crate) mod thread;
mod write_call;
pub(crate) mod write_tx;
pub(crate) mod writer;
pub(crate) mod writer_memory;
