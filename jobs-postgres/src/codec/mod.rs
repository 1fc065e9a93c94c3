//! How values are sent to the server, and how rows are read.

pub(crate) mod bind;
pub(crate) mod columns;
pub(crate) mod encoding;
pub(crate) mod error_record;
pub(crate) mod nul_escape;
pub(crate) mod parameter;
pub(crate) mod record;
