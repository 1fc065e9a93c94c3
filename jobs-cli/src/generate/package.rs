//! The Cargo package that contains the current folder.

use std::fs;
use std::path::{Path, PathBuf};

use jobs::Error;
use toml::{Table, Value};

pub(crate) struct Package {
    /// The folder of `Cargo.toml`.
    pub(crate) folder: PathBuf,
    manifest: Table,
}

impl Package {
    /// Finds the package that contains this folder.
    pub(crate) fn around(folder: &Path) -> Result<Self, Error> {
        let root = folder.ancestors().find(|one| one.join("Cargo.toml").is_file());
        let folder = root.ok_or_else(|| {
            Error::invalid(
                "there is no `Cargo.toml` in this folder or above it: go to the project that gets the job, or create one with \
                 `jobsctl new shop`",
            )
        })?;
        let manifest = manifest(folder)?;
        if manifest.contains_key("package") {
            return Ok(Self { folder: folder.to_owned(), manifest });
        }
        let root = folder.display();
        Err(Error::invalid(format!("`{root}` is a workspace without a package: go to the package that gets the job")))
    }

    /// The root file of the library, otherwise of the program, relative to the folder.
    pub(crate) fn root(&self) -> Option<PathBuf> {
        let path = |target: &Value| target.get("path")?.as_str().map(PathBuf::from);
        let library = self.manifest.get("lib").and_then(path).into_iter().chain([PathBuf::from("src/lib.rs")]);
        let programs = self.manifest.get("bin").and_then(Value::as_array).into_iter().flatten().filter_map(path);
        let mut all = library.chain([PathBuf::from("src/main.rs")]).chain(programs);
        all.find(|file| self.folder.join(file).is_file())
    }

    /// Whether the package depends on a crate, or with `tests` its tests do.
    pub(crate) fn has_dependency(&self, name: &str, tests: bool) -> bool {
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

/// The workspace that contains a folder, which need not exist.
pub(crate) fn workspace_around(folder: &Path) -> Option<PathBuf> {
    let above = folder.ancestors().skip(1);
    above
        .filter(|one| one.join("Cargo.toml").is_file())
        .find(|one| manifest(one).is_ok_and(|manifest| manifest.contains_key("workspace")))
        .map(Path::to_owned)
}

/// The error of a file that exists and cannot be read.
pub(crate) fn unreadable(file: &Path, error: std::io::Error) -> Error {
    Error::invalid(format!("`{}` cannot be read: {error}", file.display())).with_source(error)
}
