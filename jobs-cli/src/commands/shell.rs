//! `completions` and `man`: what a shell and a manual need.

use jobs::Error;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::exit::{CommandResult, Exit};
use crate::output::print_bytes;

pub(crate) fn completions(args: &CompletionsArgs) -> CommandResult {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::definition(), program_name(), &mut script);
    print_bytes(&script)?;
    Ok(Exit::Success)
}

pub(crate) fn man(args: &ManArgs) -> CommandResult {
    let program = program_name();
    let mut cli = Cli::definition().name(program.clone());
    // Copies the global flags into each command, so that the page of a command has them.
    cli.build();
    let documented = match &args.command {
        None => cli,
        Some(name) => {
            let command = cli.find_subcommand(name).cloned();
            command.ok_or_else(|| unknown_command(&cli, name))?.name(format!("{program}-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(documented).render(&mut page)?;
    print_bytes(&page)?;
    Ok(Exit::Success)
}

fn unknown_command(cli: &clap::Command, name: &str) -> Error {
    let all = cli.get_subcommands().map(|command| format!("`{}`", command.get_name())).collect::<Vec<_>>().join(", ");
    Error::invalid(format!("there is no command `{name}`; the commands are {all}"))
}

/// The name by which the program was called.
fn program_name() -> String {
    let called = std::env::args_os().next().map(std::path::PathBuf::from);
    let stem = called.as_deref().and_then(std::path::Path::file_stem).and_then(std::ffi::OsStr::to_str);
    stem.unwrap_or("jobs").to_owned()
}
