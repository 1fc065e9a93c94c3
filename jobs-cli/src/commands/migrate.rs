//! `migrate`: creates the tables of the store, or brings them up to date.

use jobs::store::SchemaStatus;
use serde::Serialize;

use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
use crate::store::{NEWER_SCHEMA, Target};

#[derive(Serialize)]
struct MigrateResult {
    migrated: bool,
}

pub(crate) async fn migrate(target: &Target, printer: Printer) -> CommandResult {
    let text = match target.migrate().await? {
        SchemaStatus::NewerCompatible => NEWER_SCHEMA,
        _ => "the tables are up to date",
    };
    printer.one(&MigrateResult { migrated: true }, || text.to_owned())?;
    Ok(Exit::Success)
}
