//! The file behind an open store, which somebody may remove or replace.

use std::path::{Path, PathBuf};

use jobs_core::Error;

/// Where a file was opened, and which one it was.
///
/// On Unix an open file can be removed, and `SQLite` would go on writing where nobody will ever look.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    identity: Option<Identity>,
}

/// Device and number of a file.
type Identity = (u64, u64);

impl Place {
    /// The file that is at this path now.
    pub(crate) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), identity: identity(path) }
    }

    /// Whether it still is.
    pub(crate) fn is_there(&self) -> bool {
        self.identity == identity(&self.path)
    }

    /// Whether this is the file at that path too.
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
