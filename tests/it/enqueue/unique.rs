//! Unique jobs, from the attribute to the store.

use std::collections::HashMap;
use std::time::Duration;

use jobs::callback::{JobDraft, NextEnqueue};
use jobs::events::EnqueueDeduplicated;
use jobs::prelude::*;
use jobs::unique::UniqueUntil;
use jobs::{AnyJob, Event, JobId, State};

use crate::fixture::{CallLog, Fixture, id};

const HOUR: Duration = Duration::from_secs(3600);

#[job(queue = "invoices", unique(by = invoice_id, until = done))]
async fn send_invoice(invoice_id: u64, template: String) {
    drop((invoice_id, template));
}

#[job(unique(until = start))]
async fn sync(customer_id: u64, fields: HashMap<String, u32>) {
    drop((customer_id, fields));
}

#[job(unique(for = 1h))]
async fn remind(customer_id: u64) {
    let _ = customer_id;
}

#[job(unique(by = self::shop_of, until = done))]
async fn restock(item: String) {
    drop(item);
}

/// The shop is the part before the slash.
fn shop_of(job: &Restock) -> String {
    job.item.split('/').next().unwrap_or_default().to_owned()
}

#[job]
async fn plain(number: u32) {
    let _ = number;
}

/// The key is made of what the callbacks leave.
#[job(unique(by = word, until = done), before_enqueue(in_lower_case), after_enqueue(stored), around_enqueue(around))]
async fn index(word: String) {
    drop(word);
}

static STORED: std::sync::LazyLock<CallLog> = std::sync::LazyLock::new(CallLog::default);

fn in_lower_case(enqueue: &mut JobDraft, _: &Index) {
    enqueue.arguments = enqueue.arguments.to_lowercase();
}

fn stored(_: &mut JobDraft, job: &Index) {
    STORED.add(&job.word);
}

async fn around(enqueue: &mut JobDraft, job: &Index, next: NextEnqueue<'_>) -> Result<(), Failure> {
    next.run(enqueue).await?;
    STORED.add(format!("around {}", job.word));
    Ok(())
}

async fn jobs_of(fixture: &Fixture) -> Client {
    let all = jobs::jobs![SendInvoice, Sync, Remind, Restock, Plain, Index];
    fixture.builder(all).build().await.unwrap().client()
}

fn is_duplicate_of(answer: jobs::Result<Enqueued>, of: JobId) {
    assert_eq!(answer.unwrap(), Enqueued::Duplicate { of });
}

#[tokio::test]
async fn the_second_caller_learns_the_existing_job() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(SendInvoice::perform_later(42, "x").on(&jobs).await.unwrap());
    is_duplicate_of(SendInvoice::perform_later(42, "another template").on(&jobs).await, first);
    is_duplicate_of(SendInvoice::perform_later(42, "x").queue("high").priority(9).wait(HOUR).on(&jobs).await, first);
    assert_ne!(id(SendInvoice::perform_later(43, "x").on(&jobs).await.unwrap()), first, "another invoice");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 2);
    assert!(fixture.record(first).await.unique_key.is_some_and(|key| key.ends_with(":done")));
}

#[tokio::test]
async fn a_duplicate_is_an_event_of_its_own() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(SendInvoice::perform_later(42, "x").on(&jobs).await.unwrap());
    is_duplicate_of(SendInvoice::perform_later(42, "y").on(&jobs).await, first);
    let reported = fixture.recorder.wait_for(|event| matches!(event, Event::EnqueueDeduplicated(_))).await;
    let Event::EnqueueDeduplicated(EnqueueDeduplicated { job, of, .. }) = &reported else { unreachable!() };
    assert_eq!((job.name.as_str(), job.queue.as_str(), *of), ("send_invoice", "invoices", first));
    assert_eq!((reported.name(), job.id == first), ("enqueue_duplicate", false));
    let stored = fixture.recorder.events().iter().filter(|event| matches!(event, Event::Enqueued(_))).count();
    assert_eq!(stored, 1, "only the first was enqueued");
}

#[tokio::test]
async fn the_order_of_keys_in_maps_makes_no_difference() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    // Each map has an order of its own.
    let map = || (0..50).map(|number| (format!("field {number}"), number)).collect::<HashMap<_, _>>();
    let first = id(Sync::perform_later(7, map()).on(&jobs).await.unwrap());
    for _ in 0..5 {
        is_duplicate_of(Sync::perform_later(7, map()).on(&jobs).await, first);
    }
}

#[tokio::test]
async fn arguments_of_any_size_make_a_key() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let long = "a".repeat(500_000);
    let first = id(Index::perform_later(long.clone()).on(&jobs).await.unwrap());
    is_duplicate_of(Index::perform_later(long.clone()).on(&jobs).await, first);
    assert!(matches!(Index::perform_later(long + "b").on(&jobs).await, Ok(Enqueued::New(_))), "the last letter counts");
    assert!(fixture.record(first).await.unique_key.is_some_and(|key| key.len() < 50));
}

#[tokio::test]
async fn a_worker_that_starts_or_ends_a_job_frees_its_key() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![SendInvoice, Sync]).await;
    for _ in 0..2 {
        let invoice = id(SendInvoice::perform_later(42, "x").on(&running.client()).await.unwrap());
        fixture.reaches(invoice, State::Finished).await;
        let sync = id(Sync::perform_later(7, HashMap::new()).on(&running.client()).await.unwrap());
        fixture.reaches(sync, State::Finished).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn a_unique_key_for_a_time_outlives_the_job() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Remind]).await;
    let first = id(Remind::perform_later(7).on(&running.client()).await.unwrap());
    fixture.reaches(first, State::Finished).await;
    is_duplicate_of(Remind::perform_later(7).on(&running.client()).await, first);
    fixture.clock.advance(HOUR);
    assert_ne!(id(Remind::perform_later(7).on(&running.client()).await.unwrap()), first);
    running.stop().await;
}

#[tokio::test]
async fn a_function_of_the_job_may_say_what_it_is_unique_by() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(Restock::perform_later("berlin/tea").on(&jobs).await.unwrap());
    is_duplicate_of(Restock::perform_later("berlin/coffee").on(&jobs).await, first);
    assert_ne!(id(Restock::perform_later("paris/tea").on(&jobs).await.unwrap()), first);
}

#[tokio::test]
async fn a_call_may_say_how_unique_the_job_is() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(Plain::perform_later(1).unique_for(HOUR).on(&jobs).await.unwrap());
    is_duplicate_of(Plain::perform_later(1).unique_for(HOUR).on(&jobs).await, first);
    assert!(
        matches!(Plain::perform_later(2).unique_for(HOUR).on(&jobs).await, Ok(Enqueued::New(_))),
        "other arguments"
    );
    assert!(
        matches!(Plain::perform_later(1).on(&jobs).await, Ok(Enqueued::New(_))),
        "this one does not ask to be unique"
    );
    let keyed = id(Plain::perform_later(3).unique_by("order 9").on(&jobs).await.unwrap());
    is_duplicate_of(
        Plain::perform_later(4).unique_by("order 9").unique_until(UniqueUntil::Start).on(&jobs).await,
        keyed,
    );
    assert!(fixture.record(keyed).await.unique_key.is_some_and(|key| key.ends_with(":done")), "until it is done");
    let nothing = Plain::perform_later(1).unique_for(Duration::ZERO).on(&jobs).await;
    assert!(matches!(nothing, Ok(Enqueued::New(_))), "for no time no job is a duplicate");
}

#[tokio::test]
async fn a_call_comes_before_the_definition() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(SendInvoice::perform_later(42, "x").unique_by("all").unique_for(HOUR).on(&jobs).await.unwrap());
    is_duplicate_of(SendInvoice::perform_later(43, "y").unique_by("all").on(&jobs).await, first);
    assert!(matches!(SendInvoice::perform_later(42, "x").on(&jobs).await, Ok(Enqueued::New(_))), "its key is another");
    fixture.clock.advance(HOUR);
    let later = SendInvoice::perform_later(42, "x").unique_by("all").on(&jobs).await;
    assert!(matches!(later, Ok(Enqueued::New(_))), "the hour is over, though the first is not done");
}

#[tokio::test]
async fn the_same_key_of_jobs_of_two_types_is_two_keys() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(Plain::perform_later(1).unique_by("k").on(&jobs).await.unwrap());
    assert_ne!(id(Remind::perform_later(1).unique_by("k").on(&jobs).await.unwrap()), first);
}

#[tokio::test]
async fn each_job_of_a_bulk_is_answered_and_duplicates_are_reported() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let there = id(SendInvoice::perform_later(1, "x").on(&jobs).await.unwrap());
    let bulk = [
        AnyJob::new(SendInvoice::new(1, "x")),
        AnyJob::new(SendInvoice::new(2, "x")),
        AnyJob::new(Plain::new(2)),
        AnyJob::new(SendInvoice::new(2, "y")),
        AnyJob::from(Plain::perform_later(5).unique_by("k").unique_for(HOUR)),
        AnyJob::from(Plain::perform_later(6).unique_by("k").unique_until(UniqueUntil::Start)),
    ];
    let answers = jobs.perform_all_later(bulk).await.unwrap();
    let [first, second, third, fourth, fifth, sixth] = answers[..] else { panic!("{answers:?}") };
    assert_eq!(first, Enqueued::Duplicate { of: there });
    assert_eq!(fourth, Enqueued::Duplicate { of: id(second) });
    assert_eq!(sixth, Enqueued::Duplicate { of: id(fifth) });
    assert!([second, third, fifth].iter().all(|answer| matches!(answer, Enqueued::New(_))));
    let events = fixture.recorder.events();
    let bulk = events
        .iter()
        .find_map(|event| if let Event::EnqueuedAll(event) = event { Some(event.bulk.clone()) } else { None });
    assert_eq!(bulk.map(|bulk| bulk.stored), Some(3), "so many were stored");
    assert_eq!(events.iter().filter(|event| matches!(event, Event::EnqueueDeduplicated(_))).count(), 3);
}

#[tokio::test]
async fn after_callbacks_are_not_for_a_job_that_is_not_stored() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let first = id(Index::perform_later("Tea").on(&jobs).await.unwrap());
    is_duplicate_of(Index::perform_later("TEA").on(&jobs).await, first);
    let marks: Vec<_> = STORED.all().into_iter().filter(|mark| mark.to_lowercase().ends_with("tea")).collect();
    assert_eq!(marks, ["around Tea", "Tea", "around TEA"], "what stands around goes on, as after a halt");
}

#[tokio::test]
async fn a_retry_stored_by_perform_now_blocks_no_job_and_is_never_lost() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Flaky]).build().await.unwrap().client();
    let first = id(Flaky::perform_later(1).on(&jobs).await.unwrap());
    let _failed = Flaky::perform_now(1).on(&jobs).await.unwrap_err();
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Scheduled), 1, "its retry is stored");
    is_duplicate_of(Flaky::perform_later(1).on(&jobs).await, first);
}

#[job(unique(until = done), retry_on(any))]
async fn flaky(number: u32) -> Result<(), std::io::Error> {
    let _ = number;
    Err(std::io::Error::other("no luck"))
}

#[tokio::test]
async fn a_manual_job_that_is_unique_by_a_missing_field_is_refused() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![ByHand]).build().await.unwrap().client();
    let error = ByHand { order: 1 }.enqueue().on(&jobs).await.unwrap_err();
    assert!(
        error.is_invalid() && error.to_string().contains("`oder`") && error.to_string().contains("order"),
        "{error}"
    );
    assert_eq!(jobs.store().inspect().unwrap().counts().await.unwrap().total(), 0);
}

#[derive(serde::Serialize, serde::Deserialize)]
struct ByHand {
    order: u32,
}

impl Job for ByHand {
    type Output = ();
    type Error = std::io::Error;
    const SETTINGS: jobs::definition::Settings =
        jobs::definition::Settings::new("by_hand").unique(jobs::unique::Unique::until(UniqueUntil::Done).by(&["oder"]));

    async fn perform(self, _: &Context) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_scheduled_job_blocks_duplicates_until_it_starts() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let later = id(Sync::perform_later(7, HashMap::new()).wait(HOUR).on(&jobs).await.unwrap());
    is_duplicate_of(Sync::perform_later(7, HashMap::new()).on(&jobs).await, later);
    assert_eq!(fixture.record(later).await.state, State::Scheduled);
}
