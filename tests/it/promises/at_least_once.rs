//! The sections *At least once* and *Visibility*: what is stored, for how long, and what counts an attempt.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::NewJob;
use jobs::{Due, Error, Event, JobId, State};
use jobs_testing::FaultyStore;

use crate::fixture::id;
use crate::promises::{Done, Site};

#[job]
async fn note(number: u64, done: &Done) {
    done.note(number.to_string());
}

#[tokio::test]
async fn on_each_store_a_repeated_enqueue_stores_once_while_its_finished_job_is_kept() {
    for site in Site::all().await {
        let builder = site.builder(jobs::jobs![Note]).keep_finished(Duration::ZERO);
        let running = builder.build().await.unwrap().start().await.unwrap();
        let client = running.client();
        let first = id(Note::perform_later(1).on(&client).await.unwrap());
        site.reaches(first, State::Finished).await;
        let again = Note::perform_later(2).id(first).on(&client).await.unwrap();
        assert_eq!(again.id(), Some(first), "{}", site.name);
        let later = id(Note::perform_later(3).on(&client).await.unwrap());
        site.reaches(later, State::Finished).await;
        assert_eq!(site.done.all(), ["1", "3"], "{}", site.name);
        // After a manual prune nothing is known of it.
        client.manage().unwrap().prune(Duration::ZERO, 100).await.unwrap();
        assert_eq!(site.store.inspect().unwrap().find(first).await.unwrap(), None, "{}", site.name);
        let once_more = id(Note::perform_later(4).id(first).on(&client).await.unwrap());
        site.reaches(once_more, State::Finished).await;
        assert_eq!(site.done.all(), ["1", "3", "4"], "{}", site.name);
        running.stop().await;
    }
}

#[tokio::test]
async fn on_each_store_an_enqueue_without_an_answer_is_repeated_by_id_and_stored_once() {
    for mut site in Site::all().await {
        let faulty = Arc::new(FaultyStore::new(site.store.clone()));
        site.store = faulty.clone();
        let client = site.client(jobs::jobs![Note]).await;
        let job = JobId::from_number(7);
        faulty.fail_after("enqueue", 1, || Error::transient("the answer is lost"));
        let lost = Note::perform_later(1).id(job).on(&client).await.unwrap_err();
        assert!(lost.is_transient(), "{}: {lost}", site.name);
        assert_eq!(id(Note::perform_later(1).id(job).on(&client).await.unwrap()), job, "{}", site.name);
        assert_eq!(site.store.inspect().unwrap().counts().await.unwrap().total(), 1, "{}", site.name);
    }
}

#[tokio::test]
async fn on_each_store_a_bulk_that_fails_has_stored_its_first_chunks_and_says_how_many() {
    for mut site in Site::all().await {
        let faulty = Arc::new(FaultyStore::new(site.store.clone()));
        site.store = faulty.clone();
        let client = site.client(jobs::jobs![Note]).await;
        let lazy = (0..12_000).map(|number| {
            if number == 8000 {
                faulty.fail_before("enqueue", 1, || Error::transient("refused"));
            }
            Note::new(number)
        });
        let error = Error::from(client.perform_all_later(lazy).await.unwrap_err());
        assert!(error.to_string().contains("8000 jobs before"), "{}: {error}", site.name);
        assert_eq!(site.store.inspect().unwrap().counts().await.unwrap().total(), 8000, "{}", site.name);
    }
}

#[job(retry_on(any, wait = 0s, attempts = 3))]
async fn fail_twice(ctx: &Context, done: &Done) -> Result<(), io::Error> {
    done.note(ctx.id().to_string());
    if ctx.attempt() < 3 { Err(io::Error::other("not yet")) } else { Ok(()) }
}

#[tokio::test]
async fn on_each_store_each_attempt_of_a_job_has_the_same_id() {
    for site in Site::all().await {
        let running = site.start(jobs::jobs![FailTwice]).await;
        let job = id(FailTwice::perform_later().on(&running.client()).await.unwrap());
        let record = site.reaches(job, State::Finished).await;
        assert_eq!((record.attempts, record.errors.len()), (3, 2), "{}", site.name);
        assert_eq!(site.done.all(), [job.to_string(), job.to_string(), job.to_string()], "{}", site.name);
        running.stop().await;
    }
}

#[job(retry_on(any, wait = 0s, attempts = 60))]
async fn fail_with_long_words(ctx: &Context) -> Result<(), io::Error> {
    Err(io::Error::other(format!("attempt {} {}", ctx.attempt(), "x".repeat(100_000))))
}

#[tokio::test]
async fn on_each_store_the_first_5_and_the_last_45_errors_are_kept_and_cut() {
    for site in Site::all().await {
        let running = site.start(jobs::jobs![FailWithLongWords]).await;
        let job = id(FailWithLongWords::perform_later().on(&running.client()).await.unwrap());
        let record = site.reaches(job, State::Failed).await;
        let kept: Vec<u32> = record.errors.iter().map(|error| error.attempt).collect();
        let expected: Vec<u32> = (1..=5).chain(16..=60).collect();
        assert_eq!((record.attempts, kept), (60, expected), "{}", site.name);
        for error in &record.errors {
            assert!(error.message.len() <= 8 * 1024 && error.message.ends_with("cut off)"), "{}", site.name);
        }
        running.stop().await;
    }
}

#[job]
async fn hang_at_first(ctx: &Context, done: &Done) {
    done.note(ctx.attempt().to_string());
    if done.all().len() == 1 {
        std::future::pending::<()>().await;
    }
}

#[tokio::test]
async fn on_each_store_a_job_that_is_released_in_an_orderly_stop_counts_no_attempt() {
    for site in Site::all().await {
        let builder = site.builder(jobs::jobs![HangAtFirst]).shutdown_timeout(Duration::from_millis(10));
        let running = builder.build().await.unwrap().start().await.unwrap();
        let job = id(HangAtFirst::perform_later().on(&running.client()).await.unwrap());
        site.saw(job, |event| matches!(event, Event::PerformStarted(_))).await;
        running.stop().await;
        let record = site.record(job).await;
        assert_eq!((record.state, record.attempts, record.crashes), (State::Ready, 0, 0), "{}", site.name);
        let running = site.start(jobs::jobs![HangAtFirst]).await;
        let record = site.reaches(job, State::Finished).await;
        assert_eq!((record.attempts, site.done.all()), (1, vec!["1".to_owned(); 2]), "{}", site.name);
        running.stop().await;
    }
}

#[job]
async fn fail_with_what_no_database_holds(text: String) -> Result<(), io::Error> {
    Err(io::Error::other(format!("a\0b\u{1F980}\u{fffe}{text}")))
}

#[tokio::test]
async fn on_each_store_an_error_of_any_characters_ends_its_job_and_holds_up_no_other() {
    for site in Site::all().await {
        let running = site.start(jobs::jobs![Note, FailWithWhatNoDatabaseHolds]).await;
        let client = running.client();
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(id(FailWithWhatNoDatabaseHolds::perform_later("\0".repeat(20_000)).on(&client).await.unwrap()));
            let other = id(Note::perform_later(number).on(&client).await.unwrap());
            site.reaches(other, State::Finished).await;
        }
        for job in ids {
            let record = site.reaches(job, State::Failed).await;
            let [error] = record.errors.as_slice() else { panic!("{}: {:?}", site.name, record.errors) };
            assert!(error.message.starts_with('a') && error.message.contains('\u{1F980}'), "{}", site.name);
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn on_each_store_a_job_that_is_unknown_here_runs_where_it_is_known() {
    for site in Site::all().await {
        let older = site.start(jobs::jobs![HangAtFirst]).await;
        let newer = site.client(jobs::jobs![Note]).await;
        let job = id(Note::perform_later(1).on(&newer).await.unwrap());
        site.saw(job, |event| matches!(event, Event::NameUnknown(_))).await;
        older.stop().await;
        let record = site.record(job).await;
        assert_eq!((record.attempts, record.errors.len()), (0, 0), "{}: {record:?}", site.name);
        let running = site.start(jobs::jobs![Note]).await;
        running.client().reschedule(job, Due::Now).await.unwrap();
        let record = site.reaches(job, State::Finished).await;
        assert_eq!((record.attempts, site.done.all()), (1, vec!["1".to_owned()]), "{}", site.name);
        running.stop().await;
    }
}

#[tokio::test]
async fn on_each_store_jobs_that_cannot_be_read_fail_alone() {
    for site in Site::all().await {
        let texts = [r#"{"number":"no"}"#, "[1,2,3]", r#"{"number":1"#, "", "{}", r#"{"number":1e400}"#];
        let ids = (1..).map(JobId::from_number);
        let broken: Vec<_> = ids.zip(texts).map(|(id, text)| NewJob::new(id, "note", text)).collect();
        for job in &broken {
            // A store may refuse what is not JSON; what it takes has to end.
            let _stored = site.store.enqueue(std::slice::from_ref(job)).await.is_ok();
        }
        let running = site.start(jobs::jobs![Note]).await;
        let last = id(Note::perform_later(9).priority(-1).on(&running.client()).await.unwrap());
        site.reaches(last, State::Finished).await;
        for job in broken {
            if site.store.inspect().unwrap().find(job.id).await.unwrap().is_some() {
                let record = site.reaches(job.id, State::Failed).await;
                assert_eq!(record.errors.len(), 1, "{}: {record:?}", site.name);
            }
        }
        assert_eq!(site.done.all(), ["9"], "{}", site.name);
        running.stop().await;
    }
}
