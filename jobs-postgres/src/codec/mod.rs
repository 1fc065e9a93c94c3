//! How values are sent to the server, and how rows are read.

pub(crate) mod bind;
pub(crate) mod columns;
pub(crate) mod nul_escape;
pub(crate) mod parameter;
pub(crate) mod record;
