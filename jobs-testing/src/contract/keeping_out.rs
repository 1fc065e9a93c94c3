//! What an enqueue of a unique job answers, and what it stores.

use jobs_core::{Due, Enqueued, Filter, JobId, NewJob};

use crate::contract::Stage;
use crate::contract::keys::{DONE, START};
use crate::contract::race::{RUNNERS, SEEDS, race};
use crate::contract::stage::{FINISH, KEEP, ids, secs};

fn new(job: &NewJob) -> Enqueued {
    Enqueued::New(job.id)
}

fn duplicate_of(job: &NewJob) -> Enqueued {
    Enqueued::Duplicate { of: job.id }
}

/// A second job of a key is not stored, and its caller learns which is there.
pub async fn a_second_job_of_a_key_is_a_duplicate(stage: Stage) {
    for unique in [START, DONE, START.and_lasting(secs(9))] {
        let first = stage.put_unique(unique).await;
        stage.keeps_out(first, unique, "the first is there").await;
        stage.keeps_out(first, unique, "the first is still there, not the second").await;
        let claimed = stage.claim(10).await;
        assert_eq!(ids(&claimed), [first], "only the first is stored");
        for execution in claimed {
            stage.applied(execution, FINISH).await;
        }
    }
}

/// A duplicate leaves nothing behind.
pub async fn a_duplicate_leaves_nothing_behind(stage: Stage) {
    let first = stage.put_unique(DONE).await;
    let second = stage.unique(DONE, "a");
    let _duplicate = stage.enqueue(std::slice::from_ref(&second)).await;
    assert_eq!(stage.find(second.id).await, None, "it is not stored");
    if let Some(all) = stage.list(&Filter::default()).await {
        assert_eq!(all.iter().map(|record| record.id).collect::<Vec<_>>(), [first], "only the first is");
    }
}

/// Jobs with other keys, and jobs without one, keep nobody out.
pub async fn other_keys_keep_nobody_out(stage: Stage) {
    let jobs = [stage.unique(DONE, "a"), stage.unique(DONE, "b"), stage.unique(DONE, "A"), stage.job(), stage.job()];
    assert_eq!(stage.enqueue(&jobs).await, jobs.iter().map(new).collect::<Vec<_>>(), "all are stored");
    assert_eq!(stage.claim(10).await.len(), jobs.len(), "and can be claimed");
}

/// Neither queue, priority nor time makes two jobs of a key different, nor what the second says of its own hold.
///
pub async fn queue_priority_and_time_are_no_part_of_a_key(stage: Stage) {
    let first = stage.put_unique(DONE).await;
    let mut other = stage.unique(START.and_lasting(secs(1)), "a");
    "mail".clone_into(&mut other.queue);
    (other.priority, other.due) = (9, Due::In(secs(60)));
    assert_eq!(stage.enqueue(&[other]).await, [Enqueued::Duplicate { of: first }], "the key is the same");
}

/// A scheduled job holds its key.
pub async fn a_scheduled_job_keeps_others_out(stage: Stage) {
    for unique in [START, DONE] {
        let mut later = stage.unique(unique, "a");
        later.due = Due::In(secs(3600));
        let id = stage.put(later).await;
        stage.keeps_out(id, unique, "it waits").await;
        stage.advance(secs(3600));
        assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
        stage.keeps_out(id, unique, "it is ready").await;
        let execution = stage.claim_one().await;
        stage.applied(execution, FINISH).await;
    }
}

/// Within a batch the first of a key is stored, and the answers stand in the order of the jobs.
pub async fn of_a_batch_the_first_of_a_key_is_stored(stage: Stage) {
    let there = stage.unique(DONE, "there");
    stage.put(there.clone()).await;
    let jobs = [
        stage.unique(DONE, "a"),
        stage.job(),
        stage.unique(DONE, "there"),
        stage.unique(DONE, "a"),
        stage.unique(START, "b"),
        stage.unique(DONE, "there"),
        stage.unique(DONE, "a"),
        stage.unique(START, "b"),
        stage.job(),
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
    assert_eq!(stage.enqueue(&jobs).await, expected, "each is answered in its place");
    let stored = [&there, a, plain, b, last].map(|job| job.id);
    assert_eq!(ids(&stage.claim(20).await), stored, "what is stored stands in the order of the batch");
}

/// A large batch of one key stores one job.
pub async fn a_large_batch_of_one_key_stores_one_job(stage: Stage) {
    let jobs: Vec<NewJob> = (0..500).map(|_| stage.unique(DONE, "a")).collect();
    let answers = stage.enqueue(&jobs).await;
    assert_eq!(answers[0], new(&jobs[0]), "the first is stored");
    assert!(answers[1..].iter().all(|answer| *answer == duplicate_of(&jobs[0])), "all others are its duplicates");
    assert_eq!(stage.claim(1000).await.len(), 1, "one is there");
}

/// A job is not its own duplicate: an enqueue may be repeated.
pub async fn a_repeated_id_is_not_its_own_duplicate(stage: Stage) {
    for unique in [START, DONE, DONE.and_lasting(secs(60))] {
        let job = stage.unique(unique, "a");
        let once = std::slice::from_ref(&job);
        for _ in 0..2 {
            assert_eq!(stage.enqueue(once).await, [new(&job)], "it is stored once and answered each time");
        }
        assert_eq!(stage.enqueue(&[job.clone(), job.clone()]).await, [new(&job); 2], "also within one batch");
        let execution = stage.claim_one().await;
        assert_eq!(stage.enqueue(once).await, [new(&job)], "also while it is claimed");
        stage.applied(execution, KEEP).await;
        assert_eq!(stage.enqueue(once).await, [new(&job)], "also after its end");
        assert!(stage.claim(10).await.is_empty(), "and it is stored no second time");
    }
}

/// Not even if another one holds its key by now.
pub async fn a_repeated_id_is_no_duplicate_of_a_later_job(stage: Stage) {
    let job = stage.unique(DONE, "a");
    stage.put(job.clone()).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, KEEP).await;
    let later = stage.lets_in(DONE, "the first is done").await;
    let batch = [job.clone(), stage.unique(DONE, "a"), job.clone()];
    let expected = [new(&job), Enqueued::Duplicate { of: later }, new(&job)];
    assert_eq!(stage.enqueue(&batch).await, expected, "it was stored once");
    assert_eq!(ids(&stage.claim(10).await), [later], "and is not stored again");
}

/// A job that was forgotten while its key is held for a time is known by its key.
pub async fn a_forgotten_job_whose_key_is_held_is_not_stored_again(stage: Stage) {
    let job = stage.unique(jobs_core::Unique::lasting(secs(60)), "a");
    stage.put(job.clone()).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, FINISH).await;
    assert_eq!(stage.enqueue(std::slice::from_ref(&job)).await, [new(&job)], "it was stored before");
    assert!(stage.claim(10).await.is_empty(), "and is not stored again");
}

/// A batch that is repeated is answered in the same way.
pub async fn a_repeated_batch_is_answered_alike(stage: Stage) {
    let jobs: Vec<NewJob> = ["a", "b", "a", "b", "b"].iter().map(|word| stage.unique(DONE, word)).collect();
    let first = stage.enqueue(&jobs).await;
    let other = stage.another().await;
    assert_eq!(other.enqueue(&jobs).await.expect("the other handle enqueues"), first, "as the first time");
    assert_eq!(stage.claim(10).await.len(), 2, "two are stored");
}

/// Another handle on the same data keeps out too.
pub async fn another_handle_keeps_out_too(stage: Stage) {
    let first = stage.put_unique(DONE).await;
    let other = stage.another().await;
    let answers = other.enqueue(&[stage.unique(DONE, "a")]).await.expect("the other handle enqueues");
    assert_eq!(answers, [Enqueued::Duplicate { of: first }], "the key is held in the store");
}

/// Of enqueues that race for one key one is stored, and the others are its duplicates.
pub async fn of_racing_enqueues_of_a_key_one_is_stored(stage: Stage) {
    for seed in SEEDS {
        for round in 0..10 {
            let word = format!("{seed} {round}");
            // Ids that the runners would make themselves could meet.
            let jobs: Vec<NewJob> = (0..RUNNERS * 5).map(|_| stage.unique(DONE, &word)).collect();
            let answers = race(&stage, seed, |runner| {
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
            let claimed = stage.claim(100).await;
            assert_eq!(claimed.len(), 1, "one is there (seed {seed})");
            stage.applied(claimed.into_iter().next().expect("it is one"), FINISH).await;
        }
    }
}

fn place(runner: &crate::contract::race::Runner) -> usize {
    usize::try_from(runner.process.get() - 100).expect("runners are counted from 100")
}

/// One is new, and all others are duplicates of it.
fn one_is_stored(answers: &[Enqueued], seed: u64) {
    let stored: Vec<JobId> =
        answers.iter().filter(|one| matches!(one, Enqueued::New(_))).filter_map(Enqueued::id).collect();
    assert_eq!(stored.len(), 1, "one is stored (seed {seed})");
    assert!(answers.iter().all(|one| one.id() == Some(stored[0])), "all know which (seed {seed})");
}
