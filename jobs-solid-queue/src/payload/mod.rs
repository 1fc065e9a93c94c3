//! The job in the column `arguments`, as Active Job serializes it, and what it says. Pure: no input, no output.

mod arguments;
mod changes;
mod id;
mod meta;
mod new_row;
mod own;
mod priority;
mod record;
mod row;
#[cfg(test)]
mod tests;
mod time;

pub(crate) use arguments::list_of;
pub(crate) use id::{active_job_id_of, id_of, row_of};
use jobs_active_job::SerializedJob;
use jobs_core::ErrorRecord;
use jobs_core::error_limits::FIRST_ERRORS;
use jobs_sql::Dialect;
pub(crate) use new_row::{NewRow, Next, RowForm};
use own::RustFields;
pub(crate) use priority::{of_column, to_column};
pub(crate) use record::{ExecutionRow, failed_record};
pub(crate) use row::JobRow;
use serde_json::value::RawValue;
pub(crate) use time::storable;

use crate::rails_json::escaped;

/// The most bytes of a column of the type `text` in MySQL.
pub(crate) const MYSQL_TEXT_BYTES: usize = 65_535;

/// A serialized job that can be read.
#[derive(Clone, Debug)]
pub(crate) struct RowPayload {
    job: SerializedJob,
    own: RustFields,
}

impl RowPayload {
    /// Reads the column `arguments`.
    ///
    /// # Errors
    /// It is not a job that Active Job serialized; the text says why.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let job = SerializedJob::parse(text).map_err(|_not_an_object| "its `arguments` are not a JSON object")?;
        if job.class().is_none_or(|class| class.is_empty()) {
            return Err("its `arguments` have no `job_class`");
        }
        if !job.arguments().starts_with('[') {
            return Err("the `arguments` in its `arguments` are not a list");
        }
        let own = job.get(own::KEY).and_then(|own| serde_json::from_str(own).ok()).unwrap_or_default();
        Ok(Self { job, own })
    }

    /// The text to store. In MySQL, whose column is short, the oldest errors that do not fit are left out, except the first.
    pub(crate) fn text(&self, dialect: Dialect) -> String {
        let mut text = self.text_with(&self.own);
        let mut own = self.own.clone();
        while dialect == Dialect::MySql && text.len() > MYSQL_TEXT_BYTES && !own.errors.is_empty() {
            leave_out_half(&mut own.errors);
            text = self.text_with(&own);
        }
        text
    }

    fn text_with(&self, own: &RustFields) -> String {
        let mut job = self.job.clone();
        if *own != RustFields::default() || job.get(own::KEY).is_some() {
            let own = serde_json::to_string(own).map(escaped).and_then(RawValue::from_string);
            // Our own data can always be written.
            let _written = own.map(|own| job.set(own::KEY, &own));
        }
        job.to_string()
    }
}

/// Leaves out half of the errors: those after the first ones, and in the end these too.
fn leave_out_half(errors: &mut Vec<ErrorRecord>) {
    let from = if errors.len() > 2 * FIRST_ERRORS { FIRST_ERRORS } else { 0 };
    errors.drain(from..from + (errors.len() - from).div_ceil(2));
}
