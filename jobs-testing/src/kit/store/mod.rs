//! Where a test keeps its jobs: a store in memory, the order of what happened, and how `test:` opens one.

mod history;
pub(crate) mod immediate;
pub(crate) mod state;
pub(crate) mod test_store;
mod transactional;
pub(crate) mod url;

pub(crate) use history::{History, JobHistory, Sequence};
