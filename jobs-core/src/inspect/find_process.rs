//! Finds the process that a person means: by its id, or by its name.

use crate::{Error, ProcessRecord, spelling};

/// The registered process of this id or this name.
///
/// # Errors
/// There is none, then the error [is not found](Error::is_not_found); or several have the name, then it
/// [is invalid](Error::is_invalid). It says which there are.
pub fn find_process<'a>(processes: &'a [ProcessRecord], text: &str) -> Result<&'a ProcessRecord, Error> {
    let text = text.trim();
    if let Some(record) = processes.iter().find(|record| record.process.id.to_string() == text) {
        return Ok(record);
    }
    let found: Vec<_> = processes.iter().filter(|record| record.process.name == text).collect();
    match found.as_slice() {
        [record] => Ok(record),
        [] if processes.is_empty() => Err(Error::not_found("no process is registered with this store")),
        [] => {
            let names: Vec<&str> = processes.iter().map(|record| record.process.name.as_str()).collect();
            let unknown = spelling::unknown("the name or the id of a process", text, &names);
            Err(Error::not_found(unknown.to_string()))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|record| record.process.id.to_string()).collect();
            Err(Error::invalid(format!(
                "{} processes are named `{text}`: name one by its id: {}",
                ids.len(),
                ids.join(", ")
            )))
        }
    }
}
