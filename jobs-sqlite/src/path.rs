//! Checks a path before `SQLite` opens it, because its own message for these mistakes is "unable to open database
//! file".

use std::path::Path;

use jobs_core::Error;

/// Refuses a path that cannot be a writable database file.
pub(crate) fn check(path: &Path) -> Result<(), Error> {
    check_form(path)?;
    let shown = path.display();
    if path.is_dir() {
        return Err(Error::invalid(format!("`{shown}` is a folder; name a file in it, as `{shown}/jobs.db`")));
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(Error::invalid(format!(
            "the folder `{}` does not exist; create it, or name another one for `{shown}`",
            folder.display()
        ))),
        _ => check_permission(path),
    }
}

/// Refuses a text that is not the path of a file, without reading the disk.
pub(crate) fn check_form(path: &Path) -> Result<(), Error> {
    let text = path.as_os_str();
    if text.is_empty() {
        return Err(Error::invalid("the URL names no file; write `sqlite:jobs.db`"));
    }
    if text == ":memory:" {
        return Err(Error::invalid(
            "`sqlite::memory:` is not offered, because its jobs would be in one connection only; \
             use `memory:`, the store in memory",
        ));
    }
    Ok(())
}

/// Refuses a missing file.
pub(crate) fn check_exists(path: &Path) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    let folder = std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
    Err(Error::invalid(format!(
        "there is no `{}`, seen from `{folder}`, and none is to be created; name the file that has the jobs",
        path.display()
    )))
}

fn check_permission(path: &Path) -> Result<(), Error> {
    match path.metadata() {
        Ok(found) if found.permissions().readonly() => Err(Error::invalid(format!(
            "`{}` is read-only; give this user the right to write it, or name another file",
            path.display()
        ))),
        // A missing file is created; SQLite reports all other mistakes.
        _ => Ok(()),
    }
}
