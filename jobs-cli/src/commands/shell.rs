//! What a shell and a manual want to know.

use clap::CommandFactory;

use jobs::Error;

use crate::arguments::{Completions, Line, Man};
use crate::ending::{Ending, Result};
use crate::output::raw;

pub(crate) fn completions(completions: &Completions) -> Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Line::command(), name(), &mut script);
    raw(&script)?;
    Ok(Ending::Done)
}

pub(crate) fn man(man: &Man) -> Result<Ending> {
    let called = name();
    let mut line = Line::command().name(called.clone());
    // So that a command knows what all commands take.
    line.build();
    let shown = match &man.command {
        None => line,
        Some(word) => {
            let found = line.find_subcommand(word).cloned();
            found.ok_or_else(|| no_command(&line, word))?.name(format!("{called}-{word}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(shown).render(&mut page)?;
    raw(&page)?;
    Ok(Ending::Done)
}

fn no_command(line: &clap::Command, word: &str) -> Error {
    let all = line.get_subcommands().map(|command| format!("`{}`", command.get_name())).collect::<Vec<_>>().join(", ");
    Error::invalid(format!("`{word}` is no command; there is {all}"))
}

/// What the program was called by.
fn name() -> String {
    let called = std::env::args_os().next().map(std::path::PathBuf::from);
    let stem = called.as_deref().and_then(std::path::Path::file_stem).and_then(std::ffi::OsStr::to_str);
    stem.unwrap_or("jobs").to_owned()
}
