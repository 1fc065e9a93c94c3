//! The folder with the sources of `jobs` that a project is built with, since its crates are not published.

use std::fs;
use std::path::{Path, PathBuf};

use jobs::Error;

/// The crate of this program, in the sources that it was built from.
const BUILT_FROM: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with the sources of all crates.
pub(crate) struct Checkout(PathBuf);

impl Checkout {
    /// The folder that the user names, otherwise the one that this program was built from.
    ///
    /// # Errors
    /// The sources are not there.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Error> {
        match (named, Path::new(BUILT_FROM).parent()) {
            (Some(named), _) => Self::at(named).ok_or_else(|| {
                Error::invalid(format!("`{}` is not a folder with the sources of `jobs`", named.display()))
            }),
            (None, built_from) => built_from.and_then(Self::at).ok_or_else(|| {
                Error::invalid(format!(
                    "the sources of `jobs` are no longer beside `{BUILT_FROM}`, from which this program was built: name the \
                     folder of a checkout with `--path`"
                ))
            }),
        }
    }

    fn at(folder: &Path) -> Option<Self> {
        let folder = fs::canonicalize(folder).ok()?;
        folder.join("jobs-cli/Cargo.toml").is_file().then_some(Self(folder))
    }

    /// The folder of one of the crates.
    pub(crate) fn of(&self, name: &str) -> String {
        let folder = if name == "jobs" { self.0.clone() } else { self.0.join(name) };
        folder.display().to_string()
    }
}
