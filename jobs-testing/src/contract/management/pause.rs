//! Nothing is claimed from a paused queue.

use jobs_core::{Due, Manage};

use crate::contract::Fixture;
use crate::contract::fixture::{KEEP, ids, retry_in, secs};

async fn pause(manage: &dyn Manage, queue: &str) -> bool {
    manage.pause(queue).await.expect("the store pauses")
}

async fn resume(manage: &dyn Manage, queue: &str) -> bool {
    manage.resume(queue).await.expect("the store resumes")
}

/// A paused queue gives nothing to any selector; other queues do.
pub async fn a_paused_queue_gives_nothing(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let mail = fixture.put_into("mail").await;
    let other = fixture.put_into("mailbox").await;
    pause(manage, "mail").await;
    for selector in ["mail", "ma*", "*"] {
        let claimed = fixture.claim_from(&[selector], 10).await;
        assert!(!ids(&claimed).contains(&mail), "a paused queue gives nothing to `{selector}`");
        for execution in claimed {
            assert_eq!(execution.id(), other, "only the other queue gives");
            fixture.applied(execution, jobs_core::Decision::Release).await;
        }
    }
    assert_eq!(ids(&fixture.claim(10).await), [other], "the other queue gives");
}

/// Among many queues the paused ones are passed over, and the others merged.
pub async fn paused_queues_among_many_are_skipped(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let mut jobs = fixture.jobs(36);
    for (place, job) in jobs.iter_mut().enumerate() {
        job.queue = format!("queue_{}", place % 12);
    }
    let _stored = fixture.enqueue(&jobs).await;
    let paused = ["queue_0", "queue_5", "queue_11"];
    for queue in paused {
        pause(manage, queue).await;
    }
    let open = jobs.iter().filter(|job| !paused.contains(&job.queue.as_str()));
    let expected: Vec<_> = open.map(|job| job.id).collect();
    let mut claimed = fixture.claim(10).await;
    claimed.extend(fixture.claim(100).await);
    fixture.gives(&claimed, &expected, "what is not paused, by age");
}

/// A resumed queue gives what waited.
pub async fn a_resumed_queue_gives_its_waiting_jobs(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let before = fixture.put_one().await;
    pause(manage, "default").await;
    let after = fixture.put_one().await;
    assert!(fixture.claim(10).await.is_empty(), "nothing during the pause");
    resume(manage, "default").await;
    assert_eq!(ids(&fixture.claim(10).await), [before, after], "what waited is there, in order");
}

/// Pausing and resuming say whether they changed anything.
pub async fn a_pause_says_whether_it_changed_anything(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    assert!(!resume(manage, "mail").await, "there is no pause to end");
    assert!(pause(manage, "mail").await, "it was not paused before");
    assert!(!pause(manage, "mail").await, "it was paused before");
    assert!(resume(manage, "mail").await, "there was a pause");
    assert!(!resume(manage, "mail").await, "it is over");
}

/// A name that no queue can have is refused.
pub async fn an_invalid_queue_name_cannot_be_paused(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for name in ["", "two words", "star*"] {
        let error = manage.pause(name).await.expect_err("there is no such queue");
        assert!(error.is_invalid(), "the error says that `{name}` is not valid: {error}");
    }
}

/// A queue can be paused before it has a job.
pub async fn a_queue_without_jobs_can_be_paused(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    pause(manage, "later").await;
    let id = fixture.put_into("later").await;
    assert!(fixture.claim(10).await.is_empty(), "a job that came during the pause waits");
    resume(manage, "later").await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "until the pause is over");
}

/// Jobs that run when the pause begins may be settled.
pub async fn claimed_jobs_may_be_settled_during_a_pause(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    fixture.put_one().await;
    fixture.put_one().await;
    let [first, second] = [fixture.claim_one().await, fixture.claim_one().await];
    pause(manage, "default").await;
    fixture.applied(first, KEEP).await;
    let retried = second.id();
    fixture.applied(second, retry_in(secs(0))).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "a pause does not stop the dispatch");
    assert!(fixture.claim(10).await.is_empty(), "but what becomes ready waits");
    resume(manage, "default").await;
    assert_eq!(ids(&fixture.claim(10).await), [retried], "until the pause is over");
}

/// A pause counts no attempt and moves nothing.
pub async fn a_pause_counts_no_attempt(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    fixture.put(fixture.job_with(|job| job.due = Due::Now)).await;
    pause(manage, "default").await;
    for _ in 0..3 {
        assert!(fixture.claim(10).await.is_empty(), "nothing during the pause");
    }
    resume(manage, "default").await;
    assert_eq!(fixture.claim_one().await.attempt, 1, "claims that got nothing counted nothing");
}
