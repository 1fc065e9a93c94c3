//! What an enqueue of a unique job answers, and what it stores.

use jobs_core::{Due, Enqueued, Filter, JobId, NewJob};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{RUNNERS, SEEDS, race};
use crate::contract::fixture::{FINISH, KEEP, ids, secs};
use crate::contract::unique_keys::keys::{DONE, START};

fn new(job: &NewJob) -> Enqueued {
    Enqueued::New(job.id)
}

fn duplicate_of(job: &NewJob) -> Enqueued {
    Enqueued::Duplicate { of: job.id }
}

/// A second job of a key is not stored, and its caller learns which is there.
pub async fn a_second_job_of_a_key_is_a_duplicate(fixture: Fixture) {
    for unique in [START, DONE, START.for_at_most(secs(9))] {
        let first = fixture.put_unique(unique).await;
        fixture.keeps_out(first, unique, "the first is there").await;
        fixture.keeps_out(first, unique, "the first is still there, not the second").await;
        let claimed = fixture.claim(10).await;
        assert_eq!(ids(&claimed), [first], "only the first is stored");
        for execution in claimed {
            fixture.applied(execution, FINISH).await;
        }
    }
}

/// A duplicate leaves nothing behind.
pub async fn a_duplicate_stores_nothing(fixture: Fixture) {
    let first = fixture.put_unique(DONE).await;
    let second = fixture.unique(DONE, "a");
    let _duplicate = fixture.enqueue(std::slice::from_ref(&second)).await;
    assert_eq!(fixture.find(second.id).await, None, "it is not stored");
    if let Some(all) = fixture.list(&Filter::default()).await {
        assert_eq!(all.iter().map(|record| record.id).collect::<Vec<_>>(), [first], "only the first is");
    }
}

/// Jobs with other keys, and jobs without a key, do not conflict.
pub async fn different_keys_do_not_conflict(fixture: Fixture) {
    let jobs =
        [fixture.unique(DONE, "a"), fixture.unique(DONE, "b"), fixture.unique(DONE, "A"), fixture.job(), fixture.job()];
    assert_eq!(fixture.enqueue(&jobs).await, jobs.iter().map(new).collect::<Vec<_>>(), "all are stored");
    assert_eq!(fixture.claim(10).await.len(), jobs.len(), "and can be claimed");
}

/// Neither queue, priority nor time makes two jobs of a key different, nor what the second says of its own hold.
///
pub async fn queue_priority_and_time_are_not_part_of_a_key(fixture: Fixture) {
    let first = fixture.put_unique(DONE).await;
    let mut other = fixture.unique(START.for_at_most(secs(1)), "a");
    "mail".clone_into(&mut other.queue);
    (other.priority, other.due) = (9, Due::In(secs(60)));
    assert_eq!(fixture.enqueue(&[other]).await, [Enqueued::Duplicate { of: first }], "the key is the same");
}

/// A scheduled job holds its key.
pub async fn a_scheduled_job_blocks_duplicates(fixture: Fixture) {
    for unique in [START, DONE] {
        let mut later = fixture.unique(unique, "a");
        later.due = Due::In(secs(3600));
        let id = fixture.put(later).await;
        fixture.keeps_out(id, unique, "it waits").await;
        fixture.advance(secs(3600));
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
        fixture.keeps_out(id, unique, "it is ready").await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, FINISH).await;
    }
}

/// Within a batch the first of a key is stored, and the answers stand in the order of the jobs.
pub async fn the_first_job_of_a_key_in_a_batch_is_stored(fixture: Fixture) {
    let there = fixture.unique(DONE, "there");
    fixture.put(there.clone()).await;
    let jobs = [
        fixture.unique(DONE, "a"),
        fixture.job(),
        fixture.unique(DONE, "there"),
        fixture.unique(DONE, "a"),
        fixture.unique(START, "b"),
        fixture.unique(DONE, "there"),
        fixture.unique(DONE, "a"),
        fixture.unique(START, "b"),
        fixture.job(),
    ];
    let [a, plain, _, _, b, _, _, _, last] = &jobs;
    let expected = [
        new(a),
        new(plain),
        duplicate_of(&there),
        duplicate_of(a),
        new(b),
        duplicate_of(&there),
        duplicate_of(a),
        duplicate_of(b),
        new(last),
    ];
    assert_eq!(fixture.enqueue(&jobs).await, expected, "each is answered in its place");
    let stored = [&there, a, plain, b, last].map(|job| job.id);
    assert_eq!(ids(&fixture.claim(20).await), stored, "what is stored stands in the order of the batch");
}

/// A large batch of one key stores one job.
pub async fn a_large_batch_of_one_key_stores_one_job(fixture: Fixture) {
    let jobs: Vec<NewJob> = (0..500).map(|_| fixture.unique(DONE, "a")).collect();
    let answers = fixture.enqueue(&jobs).await;
    assert_eq!(answers[0], new(&jobs[0]), "the first is stored");
    assert!(answers[1..].iter().all(|answer| *answer == duplicate_of(&jobs[0])), "all others are its duplicates");
    assert_eq!(fixture.claim(1000).await.len(), 1, "one is there");
}

/// A job is not its own duplicate: an enqueue may be repeated.
pub async fn a_repeated_id_is_not_its_own_duplicate(fixture: Fixture) {
    for unique in [START, DONE, DONE.for_at_most(secs(60))] {
        let job = fixture.unique(unique, "a");
        let once = std::slice::from_ref(&job);
        for _ in 0..2 {
            assert_eq!(fixture.enqueue(once).await, [new(&job)], "it is stored once and answered each time");
        }
        assert_eq!(fixture.enqueue(&[job.clone(), job.clone()]).await, [new(&job); 2], "also within one batch");
        let execution = fixture.claim_one().await;
        assert_eq!(fixture.enqueue(once).await, [new(&job)], "also while it is claimed");
        fixture.applied(execution, KEEP).await;
        assert_eq!(fixture.enqueue(once).await, [new(&job)], "also after its end");
        assert!(fixture.claim(10).await.is_empty(), "and it is stored no second time");
    }
}

/// Not even if another one holds its key by now.
pub async fn a_repeated_id_is_not_a_duplicate_of_a_later_job(fixture: Fixture) {
    let job = fixture.unique(DONE, "a");
    fixture.put(job.clone()).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, KEEP).await;
    let later = fixture.lets_in(DONE, "the first is done").await;
    let batch = [job.clone(), fixture.unique(DONE, "a"), job.clone()];
    let expected = [new(&job), Enqueued::Duplicate { of: later }, new(&job)];
    assert_eq!(fixture.enqueue(&batch).await, expected, "it was stored once");
    assert_eq!(ids(&fixture.claim(10).await), [later], "and is not stored again");
}

/// A job that was forgotten while its key is held for a time is known by its key.
pub async fn a_deleted_job_whose_key_is_held_is_not_stored_again(fixture: Fixture) {
    let job = fixture.unique(jobs_core::Unique::lasting(secs(60)), "a");
    fixture.put(job.clone()).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, FINISH).await;
    assert_eq!(fixture.enqueue(std::slice::from_ref(&job)).await, [new(&job)], "it was stored before");
    assert!(fixture.claim(10).await.is_empty(), "and is not stored again");
}

/// A batch that is repeated is answered in the same way.
pub async fn a_repeated_batch_gets_the_same_answers(fixture: Fixture) {
    let jobs: Vec<NewJob> = ["a", "b", "a", "b", "b"].iter().map(|word| fixture.unique(DONE, word)).collect();
    let first = fixture.enqueue(&jobs).await;
    let other = fixture.another().await;
    assert_eq!(other.enqueue(&jobs).await.expect("the other handle enqueues"), first, "as the first time");
    assert_eq!(fixture.claim(10).await.len(), 2, "two are stored");
}

/// Another handle on the same data keeps out too.
pub async fn another_handle_refuses_duplicates_too(fixture: Fixture) {
    let first = fixture.put_unique(DONE).await;
    let other = fixture.another().await;
    let answers = other.enqueue(&[fixture.unique(DONE, "a")]).await.expect("the other handle enqueues");
    assert_eq!(answers, [Enqueued::Duplicate { of: first }], "the key is held in the store");
}

/// Of enqueues that race for one key one is stored, and the others are its duplicates.
pub async fn one_of_racing_enqueues_of_a_key_is_stored(fixture: Fixture) {
    for seed in SEEDS {
        for round in 0..10 {
            let word = format!("{seed} {round}");
            // Ids that the runners would make themselves could meet.
            let jobs: Vec<NewJob> = (0..RUNNERS * 5).map(|_| fixture.unique(DONE, &word)).collect();
            let answers = race(&fixture, seed, |runner| {
                let own: Vec<NewJob> = jobs.chunks(5).nth(place(&runner)).unwrap_or_default().to_vec();
                async move {
                    let mut answers = Vec::new();
                    for part in own.chunks(runner.some(3)) {
                        answers.extend(runner.store.enqueue(part).await.expect("the store enqueues"));
                    }
                    answers
                }
            });
            let answers: Vec<Enqueued> = answers.await.into_iter().flatten().collect();
            one_is_stored(&answers, seed);
            let claimed = fixture.claim(100).await;
            assert_eq!(claimed.len(), 1, "one is there (seed {seed})");
            fixture.applied(claimed.into_iter().next().expect("it is one"), FINISH).await;
        }
    }
}

pub(crate) fn place(runner: &crate::contract::concurrency::runner::Runner) -> usize {
    usize::try_from(runner.process.get() - 100).expect("runners are counted from 100")
}

/// One is new, and all others are duplicates of it.
fn one_is_stored(answers: &[Enqueued], seed: u64) {
    let stored: Vec<JobId> =
        answers.iter().filter(|one| matches!(one, Enqueued::New(_))).filter_map(Enqueued::id).collect();
    assert_eq!(stored.len(), 1, "one is stored (seed {seed})");
    assert!(answers.iter().all(|one| one.id() == Some(stored[0])), "all know which (seed {seed})");
}
