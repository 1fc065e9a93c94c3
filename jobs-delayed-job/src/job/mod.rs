//! Rows as jobs, and jobs as rows. Pure: no input, no output.

mod encode;
mod own;
mod stored;

pub(crate) use encode::{NewColumns, column_of_priority, columns_of, uuid_of};
pub(crate) use own::RowComment;
pub(crate) use stored::{StoredJob, id_of, state_of};
