//! A subscriber of `tracing` that panics costs log lines, and no job, slot or loop.

use jobs::prelude::*;
use jobs::{State, policy::Outcome};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

/// Panics in one of its functions.
struct Broken(&'static str);

impl Broken {
    fn called(&self, function: &str) {
        assert!(self.0 != function, "the subscriber panics in `{function}`");
    }
}

impl Subscriber for Broken {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        self.called("enabled");
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        self.called("new_span");
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {
        self.called("record");
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.called("event");
    }

    fn enter(&self, _: &Id) {
        self.called("enter");
    }

    fn exit(&self, _: &Id) {
        self.called("exit");
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.called("clone_span");
        id.clone()
    }

    fn try_close(&self, _: Id) -> bool {
        self.called("try_close");
        true
    }
}

#[job(retry_on(any, wait = 0s, attempts = 2))]
async fn stumble(ctx: &Context) -> Result<(), std::io::Error> {
    tokio::task::yield_now().await;
    if ctx.attempt() == 1 { Err(std::io::Error::other("it stumbles")) } else { Ok(()) }
}

#[job(blocking)]
fn block() {}

#[tokio::test]
async fn a_subscriber_that_panics_costs_no_job_and_no_slot_wherever_it_panics() {
    // With it the lines of this process are asked for again on each thread.
    let _log = Log::from(tracing::Level::ERROR);
    for function in ["enabled", "new_span", "record", "event", "enter", "exit", "clone_span", "try_close"] {
        let _broken = tracing::subscriber::set_default(Broken(function));
        let fixture = Fixture::new();
        let builder = fixture.builder(jobs::jobs![Stumble, Block]).worker(jobs::Worker::new(["*"]).concurrency(1));
        let running = builder.build().await.unwrap().start().await.unwrap();
        let client = running.client();
        for _ in 0..3 {
            let stumbling = id(Stumble::perform_later().on(&client).await.unwrap());
            let record = fixture.reaches(stumbling, State::Finished).await;
            assert_eq!(record.attempts, 2, "{function}: no attempt is lost or added");
            let blocking = id(Block::perform_later().on(&client).await.unwrap());
            fixture.reaches(blocking, State::Finished).await;
        }
        assert_eq!(Block::perform_now().on(&client).outcome().await.unwrap(), Outcome::Finished, "{function}");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_job_that_is_dropped_in_a_span_that_panics_is_released() {
    let _log = Log::from(tracing::Level::ERROR);
    let _broken = tracing::subscriber::set_default(Broken("enter"));
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Wait]).shutdown_timeout(std::time::Duration::ZERO);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let waiting = id(Wait::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(waiting, |event| matches!(event, jobs::Event::PerformStarted(_))).await;
    running.stop().await;
    assert_eq!(fixture.record(waiting).await.state, State::Ready);
}

#[job]
async fn wait() -> Result<(), std::io::Error> {
    std::future::pending().await
}
