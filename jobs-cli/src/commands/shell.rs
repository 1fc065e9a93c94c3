//! What a shell and a manual want to know.

use clap::CommandFactory;

use crate::arguments::{Completions, Line};
use crate::ending::{Ending, Result};
use crate::output::raw;

pub(crate) fn completions(completions: &Completions) -> Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Line::command(), name(), &mut script);
    raw(&script)?;
    Ok(Ending::Done)
}

pub(crate) fn man() -> Result<Ending> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Line::command().name(name())).render(&mut page)?;
    raw(&page)?;
    Ok(Ending::Done)
}

/// What the program was called by.
fn name() -> String {
    let called = std::env::args_os().next().map(std::path::PathBuf::from);
    let stem = called.as_deref().and_then(std::path::Path::file_stem).and_then(std::ffi::OsStr::to_str);
    stem.unwrap_or("jobs").to_owned()
}
