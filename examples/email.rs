//! E-mail: options that may be left out, a lane for premium users, another try when the line is bad, an end when the
//! address is.
//!
//! `cargo run --example email` leaves `email.db` in the current folder.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jobs::prelude::*;
use jobs::{JobId, State};

/// Sends one e-mail. Only the address is needed; `SendEmail` has a setter for each option.
#[job(
    queue = lane,
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

/// Premium users do not stand in line with the newsletter.
fn lane(job: &SendEmail) -> &'static str {
    if job.premium { "mail_premium" } else { "mail" }
}

#[tokio::main]
async fn main() -> jobs::Result<()> {
    let transport = Transport::default();
    let sent = Arc::clone(&transport.sent);
    let runtime = Runtime::builder()
        .connect("sqlite:email.db")
        .provide(transport)
        // One place for all mail: the premium queue is emptied before the other is looked at.
        .worker(Worker::new(["mail_premium", "mail"]).threads(1))
        .build()
        .await?;
    runtime.jobs().install();

    let plain = id(SendEmail::perform_later("ada@example.org").await?);
    let shaky = id(SendEmail::perform_later("shaky@example.org").await?);
    let gone = id(SendEmail::perform_later("nobody@example.org").await?);
    let premium = SendEmail::new("grace@example.org").premium(true).subject("Your order").message("It is on its way.");
    let premium = id(premium.enqueue().await?);

    println!("four e-mails are stored, the premium one last; now they are sent");
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let recipients: Vec<_> = sent.iter().map(|email| email.to.as_str()).collect();
    assert_eq!(recipients, ["grace@example.org", "ada@example.org", "shaky@example.org"], "premium comes first");
    assert_eq!((sent[0].subject.as_str(), sent[0].text.as_str()), ("Your order", "It is on its way."));
    assert_eq!(sent[1].subject, "News from the shop", "what was left out has its default");
    assert_eq!(sent[1].text, "Dear ada@example.org, have a look at our shop.");

    let jobs = running.jobs();
    for (what, id, state, attempts) in [
        ("the plain e-mail", plain, State::Finished, 1),
        ("the one whose line was bad twice", shaky, State::Finished, 3),
        ("the one to an address that is gone", gone, State::Discarded, 1),
        ("the premium e-mail", premium, State::Finished, 1),
    ] {
        let found = stored(&jobs, id).await?;
        println!("{what} is {} after {} attempts", found.state, found.attempts);
        assert_eq!((found.state, found.attempts), (state, attempts), "{what}");
    }
    Ok(())
}

fn id(enqueued: Enqueued) -> JobId {
    enqueued.id().expect("no callback halts an e-mail")
}

async fn stored(jobs: &Jobs, id: JobId) -> jobs::Result<jobs::JobRecord> {
    Ok(jobs.find(id).await?.expect("finished jobs are kept for a day"))
}

#[derive(Clone)]
struct Email {
    to: String,
    subject: String,
    text: String,
}

#[derive(Debug)]
enum MailError {
    /// The line is bad; it may be better soon.
    Transport(&'static str),
    /// The mail came back; it will come back again.
    Bounced { address: String },
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(words) => write!(f, "the mail server cannot be reached: {words}"),
            Self::Bounced { address } => write!(f, "there is no {address}"),
        }
    }
}

impl std::error::Error for MailError {}

/// Stands for a mail server and keeps what it was given. `shaky@` fails twice, `nobody@` always.
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
            "shaky@example.org" if *tries <= 2 => return Err(MailError::Transport("connection reset")),
            "nobody@example.org" => return Err(MailError::Bounced { address: email.to.clone() }),
            _ => self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(email.clone()),
        }
        Ok(())
    }
}
