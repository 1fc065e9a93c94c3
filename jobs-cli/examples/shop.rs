//! A program with a job and the whole command line: `cargo run --example shop -- start --url sqlite:shop.db`.

use std::process::ExitCode;

use jobs::prelude::*;

/// What the job needs besides its arguments.
struct Printer;

#[job(queue = "mail", redact(address))]
async fn send_mail(address: String, subject: String, printer: &Printer) -> Result<(), std::io::Error> {
    let Printer = printer;
    println!("sent {} to {} letters", subject, address.len());
    Ok(())
}

/// Another program performs it.
#[jobs::remote(name = "EmailJob", queue = "emails")]
pub fn email(user_id: u64, #[keyword] message: Option<String>);

#[tokio::main]
async fn main() -> ExitCode {
    jobs_cli::run(|builder| builder.provide(Printer)).await
}
