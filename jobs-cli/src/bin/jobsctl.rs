//! The program `jobs` under another name, because bash, zsh and fish have a built-in command `jobs`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::operate().await
}
