//! The program `jobs`: looks into any store and repairs what is there.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::operate().await
}
