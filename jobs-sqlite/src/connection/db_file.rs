//! The file of an open store. Another program may remove or replace it.

use std::path::{Path, PathBuf};

use jobs_core::Error;

/// The path of a file that was opened, and the identity of that file.
///
/// On Unix an open file can be removed, and `SQLite` would go on writing to a file that has no name any more.
#[derive(Debug)]
pub(crate) struct DbFile {
    path: PathBuf,
    identity: Option<Identity>,
}

/// Device and number of a file.
type Identity = (u64, u64);

impl DbFile {
    /// The file that is at this path now.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), identity: identity(path) }
    }

    /// Whether the same file is still at the path.
    pub(crate) fn is_in_place(&self) -> bool {
        self.identity == identity(&self.path)
    }

    /// Whether that path leads to this file too.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        match self.identity {
            Some(_) => self.identity == identity(path),
            None => self.path.canonicalize().ok().is_some_and(|own| path.canonicalize().ok() == Some(own)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn lost(&self, what: &str) -> Error {
        Error::other(format!(
            "could not {what}: the file `{}` was removed or replaced while it was open; put it back, or stop the \
             program and start it anew",
            self.path.display()
        ))
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere the system does not let an open file be removed.
#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<Identity> {
    None
}
