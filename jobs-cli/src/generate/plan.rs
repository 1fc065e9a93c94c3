//! The files to be written: either all of them are, or none.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jobs::Error;
use serde::Serialize;

use super::insert_module::with_module;
use super::package::unreadable;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileAction {
    Create,
    Change,
}

/// Files to be created, and modules to be declared in existing files.
pub(crate) struct Plan {
    folder: PathBuf,
    files: BTreeMap<PathBuf, PlannedFile>,
    /// The steps that remain for the user.
    pub(crate) next: Vec<String>,
}

struct PlannedFile {
    action: FileAction,
    text: String,
    /// The new part of the text.
    added: String,
}

impl Plan {
    /// An empty plan; all paths are relative to this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), files: BTreeMap::new(), next: Vec::new() }
    }

    /// Whether the file exists, or is planned.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.folder.join(path).exists()
    }

    /// Plans a new file.
    ///
    /// # Errors
    /// The file exists already.
    pub(crate) fn create(&mut self, path: impl Into<PathBuf>, text: String) -> Result<(), Error> {
        let path = path.into();
        if self.has(&path) {
            let problem = "exists already and is not overwritten: choose another name, or delete the file first";
            return Err(Error::invalid(format!("`{}` {problem}", path.display())));
        }
        let added = text.clone();
        self.files.insert(path, PlannedFile { action: FileAction::Create, text, added });
        Ok(())
    }

    /// Plans a `mod` line in a file, which is created with `doc` if it does not exist. A line that cannot be added safely
    /// becomes a step for the user.
    pub(crate) fn add_module(&mut self, path: &Path, doc: &str, module: &str) -> Result<(), Error> {
        if !self.has(path) {
            self.create(path, doc.to_owned())?;
        }
        let text = self.text(path)?;
        match with_module(&text, module) {
            Some(after) if after == text => {}
            Some(after) => self.change(path, after, module),
            None => self.next.push(format!("add the line `{module}` to {}", path.display())),
        }
        Ok(())
    }

    fn text(&self, path: &Path) -> Result<String, Error> {
        if let Some(file) = self.files.get(path) {
            return Ok(file.text.clone());
        }
        fs::read_to_string(self.folder.join(path)).map_err(|error| unreadable(path, error))
    }

    fn change(&mut self, path: &Path, text: String, module: &str) {
        let changed = || PlannedFile { action: FileAction::Change, text: String::new(), added: String::new() };
        let file = self.files.entry(path.to_owned()).or_insert_with(changed);
        match file.action {
            FileAction::Create => file.added.clone_from(&text),
            FileAction::Change => file.added.extend([module, "\n"]),
        }
        file.text = text;
    }

    /// The planned files: path, action, and the new part of the text.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Path, FileAction, &str)> {
        self.files.iter().map(|(path, file)| (path.as_path(), file.action, file.added.as_str()))
    }

    /// Writes all files. Each is first written to a temporary file beside its path, so that an error such as a full disk
    /// changes nothing.
    ///
    /// # Errors
    /// A folder or a file cannot be written.
    pub(crate) fn write(&self) -> Result<(), Error> {
        let mut drafts = Vec::with_capacity(self.files.len());
        let written = self.files.iter().try_for_each(|(path, file)| {
            let path = self.folder.join(path);
            let draft = draft(&path);
            drafts.push((draft.clone(), path.clone()));
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(draft, &file.text)
        });
        let moved = written.and_then(|()| drafts.iter().try_for_each(|(draft, path)| fs::rename(draft, path)));
        moved.map_err(|error| {
            for (draft, _) in drafts {
                // It fails for a draft that was not written or was renamed already.
                let _absent = fs::remove_file(draft);
            }
            unwritable(&self.folder, error)
        })
    }
}

fn draft(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.draft"))
}

fn unwritable(folder: &Path, error: io::Error) -> Error {
    Error::invalid(format!("`{}` cannot be written: {error}", folder.display())).with_source(error)
}
