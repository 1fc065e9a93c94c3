//! The program `jobs`, which inspects and repairs any store.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::operate().await
}
