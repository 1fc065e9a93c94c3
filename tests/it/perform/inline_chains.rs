//! Jobs that enqueue one another without end over `inline:` are refused before the stack overflows.

use jobs::callback::JobDraft;
use jobs::prelude::*;
use jobs::{Client, Error};
use tokio::runtime::Handle;

/// As many programs have it: the text and the cause both have the words of the cause.
#[derive(Debug)]
struct Stopped(Error);

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "stopped: {}", self.0)
    }
}

impl std::error::Error for Stopped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

#[job]
async fn count_down(left: u32) -> Result<(), Stopped> {
    if left > 0 {
        CountDown::perform_later(left - 1).await?;
    }
    Ok(())
}

#[job]
async fn ping() -> Result<(), Stopped> {
    Pong::perform_later().await?;
    Ok(())
}

#[job]
async fn pong() -> Result<(), Stopped> {
    Ping::perform_later().await?;
    Ok(())
}

#[job(after_perform(follow))]
async fn be_followed() -> Result<(), Stopped> {
    Ok(())
}

async fn follow(_: &Context, _: &BeFollowed) -> Result<(), Stopped> {
    BeFollowed::perform_later().await?;
    Ok(())
}

#[job(before_enqueue(precede))]
async fn be_preceded() -> Result<(), Stopped> {
    BePreceded::perform_later().await?;
    Ok(())
}

async fn precede(_: &mut JobDraft, _: &BePreceded) -> jobs::Result<()> {
    Preceding::perform_later().await.map(drop)
}

#[job(before_enqueue(precede_the_preceding))]
async fn preceding() -> Result<(), Stopped> {
    Ok(())
}

async fn precede_the_preceding(_: &mut JobDraft, _: &Preceding) -> jobs::Result<()> {
    BePreceded::perform_later().await.map(drop)
}

#[job]
async fn multiply() -> Result<(), Stopped> {
    Client::current()?.perform_all_later([Multiply::new(), Multiply::new()]).await.map_err(Error::from)?;
    Ok(())
}

#[job(blocking)]
fn block(handle: u8) -> Result<(), Stopped> {
    let client = CLIENT.get().expect("the client is built").clone();
    HANDLE.get().expect("the runtime runs").block_on(async { Block::perform_later(handle).on(&client).await })?;
    Ok(())
}

static CLIENT: std::sync::OnceLock<Client> = std::sync::OnceLock::new();
static HANDLE: std::sync::OnceLock<Handle> = std::sync::OnceLock::new();

async fn client() -> Client {
    let jobs = jobs::jobs![CountDown, Ping, Pong, BeFollowed, BePreceded, Preceding, Multiply, Block];
    Runtime::builder().connect("inline:").register(jobs).build_client().await.unwrap()
}

fn is_refused(error: &Error) {
    let text = error.to_string();
    assert!(text.contains("without end would overflow the stack"), "{text}");
    assert!(text.len() < 400, "the refusal alone is told: {text}");
}

#[tokio::test]
async fn a_chain_that_ends_is_performed_over_inline() {
    let client = client().await;
    CountDown::perform_later(10).on(&client).await.unwrap();
}

#[tokio::test]
async fn jobs_that_enqueue_one_another_without_end_over_inline_are_refused() {
    let client = client().await;
    is_refused(&CountDown::perform_later(u32::MAX).on(&client).await.unwrap_err());
    is_refused(&Ping::perform_later().on(&client).await.unwrap_err());
    is_refused(&client.perform_all_later([Ping::new()]).await.map_err(Error::from).unwrap_err());
    CountDown::perform_later(10).on(&client).await.unwrap();
}

#[tokio::test]
async fn callbacks_and_bulks_that_enqueue_without_end_over_inline_are_refused() {
    let client = client().await;
    is_refused(&BeFollowed::perform_later().on(&client).await.unwrap_err());
    is_refused(&client.scope(async { Multiply::perform_later().await }).await.unwrap_err());
    let error = client.scope(async { BePreceded::perform_later().await }).await.unwrap_err();
    assert!(error.to_string().contains("no end"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_jobs_that_enqueue_without_end_over_inline_are_refused() {
    let client = CLIENT.get_or_init({
        let client = client().await;
        || client
    });
    HANDLE.get_or_init(Handle::current);
    is_refused(&Block::perform_later(1).on(client).await.unwrap_err());
}
