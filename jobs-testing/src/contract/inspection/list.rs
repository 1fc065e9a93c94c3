//! Lists of jobs, in pages.

use jobs_core::{Cursor, Decision, Due, Filter, JobId, JobRecord, State};

use crate::contract::Fixture;
use crate::contract::fixture::states::JobsInAllStates;
use crate::contract::fixture::{KEEP, fail, failure, ids_of, secs};

/// The ids that a filter lists; `None` if the store cannot be inspected.
async fn listed(fixture: &Fixture, filter: &Filter) -> Option<Vec<JobId>> {
    let records = fixture.list(filter).await?;
    Some(records.iter().map(|record: &JobRecord| record.id).collect())
}

async fn lists(fixture: &Fixture, filter: &Filter, expected: &[JobId], promise: &str) {
    if let Some(found) = listed(fixture, filter).await {
        assert_eq!(found, expected, "{promise}: {filter:?}");
    }
}

/// A list is in the order of ids, not in the order of arrival.
pub async fn a_list_is_in_the_order_of_ids(fixture: Fixture) {
    let jobs = fixture.jobs(20);
    let reversed: Vec<_> = jobs.iter().rev().cloned().collect();
    let _stored = fixture.enqueue(&reversed).await;
    let expected = if sorts_by_id(&fixture) { ids_of(&jobs) } else { ids_of(&reversed) };
    lists(&fixture, &Filter::default(), &expected, "the oldest id first, or in the store's own order").await;
    lists(&fixture, &Filter::state(State::Ready), &expected, "also within a state").await;
}

/// Whether the positions in the lists of the store are ids of jobs. Another store lists jobs as they were enqueued.
fn sorts_by_id(fixture: &Fixture) -> bool {
    let job = JobRecord::new(JobId::from_bytes([1; 16]), "note", "{}");
    fixture.inspect().is_none_or(|inspect| inspect.cursor_at(&job) == job.id.into())
}

/// A list of a state has all jobs of the state and no others.
pub async fn a_list_of_a_state_has_only_its_jobs(fixture: Fixture) {
    let states = JobsInAllStates::new(&fixture).await;
    for (state, id) in states.all() {
        lists(&fixture, &Filter::state(state), &[id], "only the jobs of the state").await;
    }
    lists(&fixture, &Filter::state(State::Blocked), &[], "nothing is blocked").await;
}

/// A list of a queue has only its jobs.
pub async fn a_list_of_a_queue_has_only_its_jobs(fixture: Fixture) {
    let mail = fixture.put_into("mail").await;
    fixture.put_into("mailer").await;
    let filter = |queue: &str| Filter { queue: Some(queue.to_owned()), ..Filter::default() };
    lists(&fixture, &filter("mail"), &[mail], "the queue of exactly this name").await;
    lists(&fixture, &filter("mail*"), &[], "a name is no selector").await;
}

/// A list of a name has only jobs of the name.
pub async fn a_list_of_a_name_has_only_its_jobs(fixture: Fixture) {
    let greet = fixture.put(fixture.job_with(|job| "greet".clone_into(&mut job.name))).await;
    fixture.put(fixture.job_with(|job| "greet_all".clone_into(&mut job.name))).await;
    let filter = Filter { name: Some("greet".to_owned()), ..Filter::default() };
    lists(&fixture, &filter, &[greet], "jobs of exactly this name").await;
}

/// What a filter asks for must hold together.
pub async fn all_conditions_of_a_filter_must_hold(fixture: Fixture) {
    let put = async |name: &str, queue: &str, wait| {
        let job = fixture.job_with(|job| {
            (job.name, job.queue, job.due) = (name.to_owned(), queue.to_owned(), Due::In(wait));
        });
        fixture.put(job).await
    };
    put("greet", "hellos", secs(0)).await;
    put("greet", "others", secs(60)).await;
    put("other", "hellos", secs(60)).await;
    let wanted = put("greet", "hellos", secs(60)).await;
    let filter = Filter {
        state: Some(State::Scheduled),
        queue: Some("hellos".to_owned()),
        name: Some("greet".to_owned()),
        ..Filter::default()
    };
    lists(&fixture, &filter, &[wanted], "state, queue and name together").await;
}

/// A page begins after the last job of the page before, in every state.
pub async fn a_page_begins_after_the_page_before(fixture: Fixture) {
    if fixture.inspect().is_none() {
        return;
    }
    let jobs = fixture.jobs(25);
    let _stored = fixture.enqueue(&jobs).await;
    reads_in_pages(&fixture, None, &ids_of(&jobs)).await;
    reads_in_pages(&fixture, Some(State::Ready), &ids_of(&jobs)).await;
    let claimed = fixture.claim(25).await;
    reads_in_pages(&fixture, Some(State::Claimed), &ids_of(&jobs)).await;
    for execution in claimed {
        fixture.applied(execution, fail()).await;
    }
    reads_in_pages(&fixture, Some(State::Failed), &ids_of(&jobs)).await;
    for (decision, state) in [(KEEP, State::Finished), (Decision::Discard { error: None }, State::Discarded)] {
        let jobs = fixture.jobs(25);
        let _stored = fixture.enqueue(&jobs).await;
        for execution in fixture.claim(25).await {
            fixture.applied(execution, decision.clone()).await;
        }
        reads_in_pages(&fixture, Some(state), &ids_of(&jobs)).await;
    }
    let mut later = fixture.jobs(25);
    for (wait, job) in (1..=25).rev().zip(&mut later) {
        job.due = Due::In(secs(wait));
    }
    let _stored = fixture.enqueue(&later).await;
    reads_in_pages(&fixture, Some(State::Scheduled), &ids_of(&later)).await;
}

async fn reads_in_pages(fixture: &Fixture, of: Option<State>, expected: &[JobId]) {
    let mut filter = Filter { state: of, limit: 10, ..Filter::default() };
    let mut read = Vec::new();
    while let Some(page) = listed(fixture, &filter).await.filter(|page| !page.is_empty()) {
        assert!(page.len() <= 10, "a page has at most its limit");
        filter.after = page.last().map(|id| Cursor::from(*id));
        read.extend(page);
    }
    assert_eq!(read, expected, "the pages of {of:?} together are the list");
}

/// A limit of zero means a hundred.
pub async fn a_limit_of_zero_means_a_hundred(fixture: Fixture) {
    let jobs = fixture.jobs(130);
    let _stored = fixture.enqueue(&jobs).await;
    lists(&fixture, &Filter::default(), &ids_of(&jobs)[..100], "no limit is a hundred").await;
    let rest = Filter { after: Some(jobs[99].id.into()), ..Filter::default() };
    lists(&fixture, &rest, &ids_of(&jobs)[100..], "the rest is on the next page").await;
    for limit in [1_000, usize::MAX] {
        let all = Filter { limit, ..Filter::default() };
        lists(&fixture, &all, &ids_of(&jobs), "a larger limit is kept").await;
    }
}

/// A page may begin after an id that no job has.
pub async fn a_page_may_begin_after_a_job_that_is_gone(fixture: Fixture) {
    let [first, gone, last] = [fixture.job(), fixture.job(), fixture.job()];
    let _stored = fixture.enqueue(&[last.clone(), first]).await;
    let filter = Filter { after: Some(gone.id.into()), ..Filter::default() };
    if let (false, Some(inspect)) = (sorts_by_id(&fixture), fixture.inspect()) {
        let error = inspect.page(&filter).await.expect_err("the store does not compare ids");
        assert!(error.is_invalid(), "it says so: {error}");
        return;
    }
    lists(&fixture, &filter, &[last.id], "ids are compared, also one that is gone").await;
}

/// A list shows the same of a job as finding it alone.
pub async fn a_list_shows_jobs_as_find_does(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, Decision::Discard { error: Some(failure("not wanted")) }).await;
    let Some(records) = fixture.list(&Filter::default()).await else { return };
    assert_eq!(records, fixture.find(id).await.into_iter().collect::<Vec<_>>(), "errors and all");
    assert_eq!(records[0].errors, [failure("not wanted")], "its error is in the list too");
}
