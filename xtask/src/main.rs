//! The tasks of this repository: `cargo xtask check`, `tidy`, `diagram`, `code-map`, `plans` and `bless`.

mod bless;
mod check;
mod code_map;
mod command;
mod diagram;
mod docs;
mod functions;
mod manifest;
mod mask;
mod modules;
mod packages;
mod plans;
mod rules;
mod snippets;
mod source;
mod tidy;
mod tree;
mod violation;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a task answers: whether all is well, or why it could not be found out.
type TaskResult = Result<bool, Box<dyn Error>>;

const USAGE: &str = "\
usage: cargo xtask <task>

  check    all that CI runs: format, lints, docs, tidy, tests
  tidy     the house rules, each violation with its location and what to do, and whether each crate can be packaged
  diagram  write docs/LIFECYCLE.md from the table in jobs-core
  code-map write docs/CODE_MAP.md from the first lines of the modules
  plans    how PostgreSQL runs each statement on a million jobs: by its index, and no further than it has to
  bless    rewrite what is generated: the diagram, the code map, snippets, the expected words of the compiler, snapshots";

fn main() -> ExitCode {
    match run(env::args().nth(1).as_deref().unwrap_or_default()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(task: &str) -> TaskResult {
    match task {
        "check" => check::run(&root()?),
        "tidy" => tidy::run(&root()?),
        "diagram" => diagram::write(&root()?),
        "code-map" => code_map::write(&root()?),
        "plans" => plans::run(&root()?),
        "bless" => bless::run(&root()?),
        _ => Err(USAGE.into()),
    }
}

/// The folder of the workspace, wherever below it the task was started.
fn root() -> Result<PathBuf, Box<dyn Error>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(Path::to_owned).ok_or_else(|| "xtask lies in no workspace".into())
}
