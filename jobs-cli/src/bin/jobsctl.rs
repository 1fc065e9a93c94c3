//! The program `jobs` under a name that no shell has a command of its own for: `jobs` is a word of bash, zsh and fish.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::operate().await
}
