//! The package that one is in.

use std::fs;
use std::path::{Path, PathBuf};

use jobs::Error;
use toml::{Table, Value};

/// A package of Cargo's.
pub(crate) struct Package {
    /// The folder of its `Cargo.toml`.
    pub(crate) folder: PathBuf,
    manifest: Table,
}

impl Package {
    /// The package that this folder belongs to.
    pub(crate) fn around(folder: &Path) -> Result<Self, Error> {
        let place = folder.ancestors().find(|one| one.join("Cargo.toml").is_file());
        let folder = place.ok_or_else(|| {
            Error::invalid(
                "there is no `Cargo.toml` here or above: go to the project that is to have the job, or begin one with \
                 `jobsctl new shop`",
            )
        })?;
        let manifest = manifest(folder)?;
        if manifest.contains_key("package") {
            return Ok(Self { folder: folder.to_owned(), manifest });
        }
        let place = folder.display();
        Err(Error::invalid(format!(
            "`{place}` is a workspace without a package: go into the one that is to have the job"
        )))
    }

    /// The file that its modules are named in, from the folder: that of the library if there is one.
    pub(crate) fn root(&self) -> Option<PathBuf> {
        let path = |target: &Value| target.get("path")?.as_str().map(PathBuf::from);
        let library = self.manifest.get("lib").and_then(path).into_iter().chain([PathBuf::from("src/lib.rs")]);
        let programs = self.manifest.get("bin").and_then(Value::as_array).into_iter().flatten().filter_map(path);
        let mut all = library.chain([PathBuf::from("src/main.rs")]).chain(programs);
        all.find(|file| self.folder.join(file).is_file())
    }

    /// Whether a crate can be named by the package, or with `tests` by its tests.
    pub(crate) fn knows(&self, name: &str, tests: bool) -> bool {
        let sections: &[&str] = if tests { &["dependencies", "dev-dependencies"] } else { &["dependencies"] };
        let tables = sections.iter().filter_map(|section| self.manifest.get(*section)?.as_table());
        tables.flat_map(Table::keys).any(|key| key.replace('-', "_") == name.replace('-', "_"))
    }
}

fn manifest(folder: &Path) -> Result<Table, Error> {
    let file = folder.join("Cargo.toml");
    let text = fs::read_to_string(&file).map_err(|error| unreadable(&file, error))?;
    text.parse().map_err(|error: toml::de::Error| Error::invalid(format!("{}: {error}", file.display())))
}

/// The workspace that a folder would be within.
pub(crate) fn workspace_around(folder: &Path) -> Option<PathBuf> {
    let above = folder.ancestors().skip(1);
    above
        .filter(|one| one.join("Cargo.toml").is_file())
        .find(|one| manifest(one).is_ok_and(|manifest| manifest.contains_key("workspace")))
        .map(Path::to_owned)
}

/// The error of a file that is there and cannot be read.
pub(crate) fn unreadable(file: &Path, error: std::io::Error) -> Error {
    Error::invalid(format!("`{}` cannot be read: {error}", file.display())).with_source(error)
}
