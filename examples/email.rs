//! E-mail: optional arguments, a separate queue for premium users, retries after connection errors, and no retry for an
//! address that does not exist.
//!
//! `cargo run --example email` leaves `email.db` in the current folder.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jobs::prelude::*;
use jobs::{JobId, State};

/// Sends one e-mail. Only the address is required; `SendEmail` has a setter for each option.
#[job(
    queue = queue_of,
    retry_on(MailError::Transport(_), wait = 20ms, attempts = 4),
    discard_on(MailError::Bounced { .. }),
)]
async fn send_email(
    to: String,
    #[default] _premium: bool,
    #[default = "News from the shop".to_owned()] subject: String,
    #[default] message: Option<String>,
    ctx: &Context,
    transport: &Transport,
) -> Result<(), MailError> {
    let text = message.unwrap_or_else(|| format!("Dear {to}, have a look at our shop."));
    // The queue was chosen when the job was enqueued.
    println!("  from `{}`, attempt {}: to {to}", ctx.queue(), ctx.attempt());
    transport.deliver(&Email { to, subject, text })
}

/// E-mails to premium users do not wait behind the newsletter.
fn queue_of(job: &SendEmail) -> &'static str {
    if job.premium { "mail_premium" } else { "mail" }
}

#[tokio::main]
async fn main() -> jobs::Result<()> {
    let transport = Transport::default();
    let sent = Arc::clone(&transport.sent);
    let runtime = Runtime::builder()
        .connect("sqlite:email.db")
        .provide(transport)
        // A single thread for all mail: jobs of the premium queue run before those of the other one.
        .worker(Worker::new(["mail_premium", "mail"]).concurrency(1))
        .build()
        .await?;
    runtime.client().install();

    let plain = id(SendEmail::perform_later("ada@example.org").await?);
    let flaky = id(SendEmail::perform_later("flaky@example.org").await?);
    let missing = id(SendEmail::perform_later("unknown@example.org").await?);
    let premium = SendEmail::new("grace@example.org").premium(true).subject("Your order").message("It is on its way.");
    let premium = id(premium.enqueue().await?);

    println!("four e-mails are enqueued, the premium one last; now they are sent");
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let recipients: Vec<_> = sent.iter().map(|email| email.to.as_str()).collect();
    assert_eq!(
        recipients,
        ["grace@example.org", "ada@example.org", "flaky@example.org"],
        "the premium e-mail comes first"
    );
    assert_eq!((sent[0].subject.as_str(), sent[0].text.as_str()), ("Your order", "It is on its way."));
    assert_eq!(sent[1].subject, "News from the shop", "an optional argument has its default");
    assert_eq!(sent[1].text, "Dear ada@example.org, have a look at our shop.");

    let client = running.client();
    for (what, id, state, attempts) in [
        ("the plain e-mail", plain, State::Finished, 1),
        ("the e-mail with two connection errors", flaky, State::Finished, 3),
        ("the e-mail to an unknown address", missing, State::Discarded, 1),
        ("the premium e-mail", premium, State::Finished, 1),
    ] {
        let found = stored(&client, id).await?;
        println!("{what} is {} after {} attempts", found.state, found.attempts);
        assert_eq!((found.state, found.attempts), (state, attempts), "{what}");
    }
    Ok(())
}

fn id(enqueued: Enqueued) -> JobId {
    enqueued.id().expect("no callback halts an e-mail")
}

async fn stored(client: &Client, id: JobId) -> jobs::Result<jobs::store::JobRecord> {
    Ok(client.find(id).await?.expect("finished jobs are kept for a day"))
}

#[derive(Clone)]
struct Email {
    to: String,
    subject: String,
    text: String,
}

#[derive(Debug)]
enum MailError {
    /// The connection failed; a later attempt may succeed.
    Transport(&'static str),
    /// The address does not exist; every attempt will fail.
    Bounced { address: String },
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(reason) => write!(f, "the mail server cannot be reached: {reason}"),
            Self::Bounced { address } => write!(f, "the address {address} does not exist"),
        }
    }
}

impl std::error::Error for MailError {}

/// A fake mail server, which records the e-mails. `flaky@` fails twice, `unknown@` always.
#[derive(Default)]
struct Transport {
    sent: Arc<Mutex<Vec<Email>>>,
    tries: Mutex<HashMap<String, u32>>,
}

impl Transport {
    fn deliver(&self, email: &Email) -> Result<(), MailError> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = tries.entry(email.to.clone()).or_default();
        *tries += 1;
        match email.to.as_str() {
            "flaky@example.org" if *tries <= 2 => return Err(MailError::Transport("connection reset")),
            "unknown@example.org" => return Err(MailError::Bounced { address: email.to.clone() }),
            _ => self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(email.clone()),
        }
        Ok(())
    }
}
