//! The text files of the workspace.

use std::fs;
use std::io;
use std::path::Path;

use crate::source::Source;

/// All files the rules look at, sorted by path.
pub(crate) struct Tree {
    files: Vec<File>,
    sources: Vec<Source>,
}

/// One text file.
pub(crate) struct File {
    /// From the root of the workspace, with `/`.
    pub(crate) path: String,
    /// Its contents.
    pub(crate) text: String,
}

/// Built things, and the workspace of its own that compares peers.
const SKIPPED: &[&str] = &["target", "benchmarks"];

const READ: &[&str] = &["rs", "toml", "sql", "md", "stderr"];

impl Tree {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// A folder or file cannot be read.
    pub(crate) fn load(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        Ok(Self::of(files))
    }

    /// A tree of these files.
    pub(crate) fn of(mut files: Vec<File>) -> Self {
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let rust = files.iter().filter(|file| file.has_extension("rs"));
        let sources = rust.map(|file| Source::new(&file.path, &file.text)).collect();
        Self { files, sources }
    }

    /// The Rust files.
    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The files with this extension.
    pub(crate) fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.has_extension(extension))
    }

    /// The manifests of our crates. What lies under `tests` is material of tests.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = &File> {
        let ours = |path: &str| path.ends_with("Cargo.toml") && !path.split('/').any(|part| part == "tests");
        self.files.iter().filter(move |file| ours(&file.path))
    }

    /// Whether there is a file at this path, or one below it.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let below =
            |file: &File| file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.files.iter().any(below)
    }

    /// The text of the file at this path.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
}

impl File {
    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else if READ.iter().any(|extension| Path::new(&path).extension().is_some_and(|found| found == *extension)) {
            files.push(File { text: fs::read_to_string(entry.path())?, path });
        }
    }
    Ok(())
}

/// A tree for the tests of rules.
#[cfg(test)]
pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
    Tree::of(files.iter().map(file).collect())
}
