//! Running other programs.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// The cargo that runs this task, in the folder of the workspace.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO");
    let mut command = program(root, cargo.as_deref().unwrap_or(OsStr::new("cargo")));
    command.args(arguments);
    command
}

/// Any program in the folder of the workspace, without input.
pub(crate) fn program(root: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root).stdin(Stdio::null());
    command
}

/// Runs it to its end. Whether it succeeded.
///
/// # Errors
/// It could not be started.
pub(crate) fn succeeds(command: &mut Command) -> io::Result<bool> {
    let name = command.get_program().to_owned();
    let status = command.status();
    let status =
        status.map_err(|error| io::Error::new(error.kind(), format!("cannot run {}: {error}", name.display())))?;
    Ok(status.success())
}
