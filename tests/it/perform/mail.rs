//! Sending mail later: what Rails does with a job type of its own is a job here.

use std::fmt;
use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{AnyJob, State};
use serde::{Deserialize, Serialize};

use crate::fixture::{CallLog, Fixture, id, log_call};

/// Which mail, and what goes into it. It is built where it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Mail {
    Welcome {
        user: u64,
        #[serde(default)]
        locale: Option<String>,
    },
    Invoice {
        order: u64,
    },
    Broken,
}

#[derive(Debug)]
struct Undeliverable;

impl fmt::Display for Undeliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("undeliverable")
    }
}

impl std::error::Error for Undeliverable {}

/// What all mails share.
#[jobs::base(queue = "mailers")]
struct Mailer;

#[job(base = Mailer, rescue_from(Undeliverable, with = bounce))]
async fn deliver(mail: Mail, #[default] sender: Option<String>, calls: &CallLog) -> Result<(), Undeliverable> {
    calls.add(format!("{mail:?} from {sender:?}"));
    if matches!(mail, Mail::Broken) { Err(Undeliverable) } else { Ok(()) }
}

fn bounce(ctx: &Context, failure: &Failure) {
    log_call(ctx, format!("bounced: {failure}"));
}

/// Mails of another kind, with a queue of their own.
#[job(base = Mailer, queue = "newsletters")]
async fn deliver_newsletter(issue: u32) -> Result<(), io::Error> {
    if issue == 13 { Err(io::Error::other("unlucky")) } else { Ok(()) }
}

async fn handle(fixture: &Fixture) -> Client {
    fixture
        .builder_logging(&CallLog::default(), jobs::jobs![Deliver, DeliverNewsletter])
        .build()
        .await
        .unwrap()
        .client()
}

fn welcome(user: u64) -> Mail {
    Mail::Welcome { user, locale: None }
}

#[tokio::test]
async fn a_mail_for_later_is_a_job_with_what_the_mail_is_made_of() {
    let fixture = Fixture::new();
    let record =
        fixture.record(id(Deliver::perform_later(welcome(7)).on(&handle(&fixture).await).await.unwrap())).await;
    assert_eq!((record.name.as_str(), record.queue.as_str()), ("deliver", "mailers"));
    assert_eq!(record.arguments, r#"{"mail":{"Welcome":{"user":7,"locale":null}},"sender":null}"#);
}

#[tokio::test]
async fn wait_wait_until_and_priority_hold_for_mails() {
    let fixture = Fixture::new();
    let jobs = handle(&fixture).await;
    let (now, minute) = (jobs::time::Clock::now(&*fixture.clock), Duration::from_secs(60));
    let wait = fixture.record(id(Deliver::perform_later(welcome(1)).wait(minute).on(&jobs).await.unwrap())).await;
    let until = Deliver::perform_later(welcome(1)).wait_until(now + minute).on(&jobs);
    let until = fixture.record(id(until.await.unwrap())).await;
    let urgent = fixture.record(id(Deliver::perform_later(welcome(1)).priority(9).on(&jobs).await.unwrap())).await;
    assert_eq!((wait.due_at, until.due_at, urgent.priority), (now + minute, now + minute, 9));
}

#[tokio::test]
async fn a_mail_of_another_kind_has_a_job_and_a_queue_of_its_own_and_the_base_keeps_its() {
    let fixture = Fixture::new();
    let jobs = handle(&fixture).await;
    let own = fixture.record(id(DeliverNewsletter::perform_later(1).on(&jobs).await.unwrap())).await;
    let other = fixture.record(id(Deliver::perform_later(welcome(1)).on(&jobs).await.unwrap())).await;
    let said = fixture.record(id(Deliver::perform_later(welcome(1)).queue("slow").on(&jobs).await.unwrap())).await;
    assert_eq!((own.name.as_str(), own.queue.as_str()), ("deliver_newsletter", "newsletters"));
    assert_eq!((other.queue.as_str(), said.queue.as_str()), ("mailers", "slow"));
}

#[tokio::test]
async fn many_mails_are_enqueued_at_once_with_their_jobs_and_options_and_none_is_built() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Deliver, DeliverNewsletter]);
    let jobs = builder.build().await.unwrap().client();
    let minute = Duration::from_secs(60);
    let mails: [AnyJob; 3] = [
        Deliver::new(welcome(1)).sender(Some("shop".to_owned())).enqueue().queue("bulk").wait(minute).into(),
        Deliver::perform_later(Mail::Invoice { order: 2 }).queue("bulk").wait(minute).into(),
        DeliverNewsletter::perform_later(3).queue("bulk").wait(minute).into(),
    ];
    let answers = jobs.perform_all_later(mails).await.unwrap();
    let mut names = Vec::new();
    for answer in answers {
        let record = fixture.record(id(answer)).await;
        assert_eq!((record.queue.as_str(), record.state), ("bulk", State::Scheduled));
        names.push((record.name, record.arguments.contains("shop")));
    }
    let expected = [("deliver", true), ("deliver", false), ("deliver_newsletter", false)];
    assert_eq!(names, expected.map(|(name, shop)| (name.to_owned(), shop)));
    assert!(calls.all().is_empty(), "a mail is built where it is sent");
}

#[tokio::test]
async fn errors_of_a_delivery_go_to_the_mails_own_function_and_others_stay_with_the_job() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Deliver, DeliverNewsletter]);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let bounced = id(Deliver::perform_later(Mail::Broken).on(&running.client()).await.unwrap());
    fixture.reaches(bounced, State::Finished).await;
    assert_eq!(calls.all(), ["Broken from None", "bounced: undeliverable"]);
    let failed = id(DeliverNewsletter::perform_later(13).on(&running.client()).await.unwrap());
    assert_eq!(fixture.reaches(failed, State::Failed).await.errors[0].message, "unlucky");
}

#[tokio::test]
async fn what_a_mail_is_given_by_name_arrives_by_name() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Deliver, DeliverNewsletter]);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let mail = Mail::Welcome { user: 7, locale: Some("de".to_owned()) };
    let job = Deliver::new(mail).sender(Some("shop".to_owned()));
    let id = id(job.enqueue().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), [r#"Welcome { user: 7, locale: Some("de") } from Some("shop")"#]);
}
