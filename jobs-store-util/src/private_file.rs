//! The file of a database, which only its user can read.

use std::path::Path;

/// Creates a missing file that only this user can read and write, because the arguments of all jobs will be in it. `SQLite` gives
/// its `-wal` and `-shm` files the same permissions. An existing file is left as it is, and not even opened: closing it would
/// end the locks that this process has on it.
#[cfg(unix)]
pub fn create_private_file(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;

    // A link may name a file that is still to be created.
    let linked = path.read_link().map(|target| path.parent().unwrap_or(path).join(target));
    let path = linked.unwrap_or_else(|_| path.to_owned());
    // `SQLite` opens the file next, and reports what is wrong with it.
    let _created = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

/// Elsewhere the folder says who can read the files in it.
#[cfg(not(unix))]
pub fn create_private_file(_: &Path) {}
