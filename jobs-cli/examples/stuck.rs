//! A program with a job that never lets go of its thread. The tests stop it by signals.

use std::process::ExitCode;
use std::time::Duration;

use jobs::prelude::*;

#[job(name = "send_mail")]
async fn stuck(address: String, subject: String) -> Result<(), std::io::Error> {
    println!("stuck in {} letters {subject}", address.len());
    loop {
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::run(|builder| builder).await
}
