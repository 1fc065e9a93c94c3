//! What is to be written, all of it or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jobs::Error;
use serde::Serialize;

use super::insert::with_module;
use super::package::unreadable;

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Create,
    Change,
}

/// Files to be created, and modules to be named in others.
pub(crate) struct Plan {
    folder: PathBuf,
    files: BTreeMap<PathBuf, File>,
    /// What is left to be done by hand.
    pub(crate) next: Vec<String>,
}

struct File {
    action: Action,
    text: String,
    /// What is new in it.
    added: String,
}

impl Plan {
    /// Nothing yet; all paths are from this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), files: BTreeMap::new(), next: Vec::new() }
    }

    /// Whether the file is there, or will be.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.folder.join(path).exists()
    }

    /// A new file.
    ///
    /// # Errors
    /// It is there already.
    pub(crate) fn create(&mut self, path: impl Into<PathBuf>, text: String) -> Result<(), Error> {
        let path = path.into();
        if self.has(&path) {
            let words = "is there already and stays as it is: choose another name, or remove the file first";
            return Err(Error::invalid(format!("`{}` {words}", path.display())));
        }
        let added = text.clone();
        self.files.insert(path, File { action: Action::Create, text, added });
        Ok(())
    }

    /// One more module in a file, which is created with `head` if it is not there. What cannot be added safely is left
    /// to be done by hand.
    pub(crate) fn add(&mut self, path: &Path, head: &str, module: &str) -> Result<(), Error> {
        if !self.has(path) {
            self.create(path, head.to_owned())?;
        }
        let text = self.text(path)?;
        match with_module(&text, module) {
            Some(after) if after == text => {}
            Some(after) => self.put(path, after, module),
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

    fn put(&mut self, path: &Path, text: String, module: &str) {
        let untouched = || File { action: Action::Change, text: String::new(), added: String::new() };
        let file = self.files.entry(path.to_owned()).or_insert_with(untouched);
        match file.action {
            Action::Create => file.added.clone_from(&text),
            Action::Change => file.added.extend([module, "\n"]),
        }
        file.text = text;
    }

    /// What happens to which file, and what is new in it.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Path, Action, &str)> {
        self.files.iter().map(|(path, file)| (path.as_path(), file.action, file.added.as_str()))
    }

    /// Writes all of it. Each file is written beside its place first, so that a full disk leaves everything as it was.
    ///
    /// # Errors
    /// A folder or a file cannot be written.
    pub(crate) fn write(&self) -> Result<(), Error> {
        let mut beside = Vec::with_capacity(self.files.len());
        let written = self.files.iter().try_for_each(|(path, file)| {
            let place = self.folder.join(path);
            let draft = draft(&place);
            beside.push((draft.clone(), place.clone()));
            place.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(draft, &file.text)
        });
        let moved = written.and_then(|()| beside.iter().try_for_each(|(draft, place)| fs::rename(draft, place)));
        moved.map_err(|error| {
            for (draft, _) in beside {
                // What is not there needs no removal.
                let _absent = fs::remove_file(draft);
            }
            unwritable(&self.folder, error)
        })
    }
}

fn draft(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.draft"))
}

fn unwritable(folder: &Path, error: io::Error) -> Error {
    Error::invalid(format!("`{}` cannot be written: {error}", folder.display())).with_source(error)
}
