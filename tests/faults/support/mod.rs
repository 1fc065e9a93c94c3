//! What these tests need: processes, their jobs, and the folder or server where the jobs are.

pub(crate) mod fixture;
pub(crate) mod process;
pub(crate) mod server;
pub(crate) mod worker;
