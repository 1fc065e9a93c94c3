//! Jobs that are looked for, and the pages they come in.

use jobs_core::error_limits::LISTED_MESSAGE_BYTES;
use jobs_core::{Content, Decision, ErrorRecord, Filter, JobId, JobRecord, Order, Period, State};

use crate::contract::Fixture;
use crate::contract::fixture::states::JobsInAllStates;
use crate::contract::fixture::{KEEP, ONE, TWO, fail, failure, ids_of, just_under, retry_in, secs};

/// What a filter finds, by id.
async fn finds(fixture: &Fixture, filter: &Filter, expected: &[JobId], promise: &str) {
    let Some(found) = fixture.list(filter).await else { return };
    let ids: Vec<JobId> = found.iter().map(|record| record.id).collect();
    assert_eq!(ids, expected, "{promise}: {filter:?}");
}

fn reversed(jobs: &[JobId]) -> Vec<JobId> {
    jobs.iter().rev().copied().collect()
}

/// A list may begin with the newest, in every state.
pub async fn the_newest_may_come_first(fixture: Fixture) {
    if fixture.inspect().is_none() {
        return;
    }
    let states = JobsInAllStates::new(&fixture).await;
    let mut all: Vec<JobId> = states.all().map(|(_, id)| id).into();
    all.sort();
    finds(&fixture, &Filter::default().newest_first(), &reversed(&all), "the greatest id first").await;
    for state in [State::Ready, State::Scheduled, State::Failed, State::Finished, State::Discarded] {
        let one = fixture.list(&Filter::state(state)).await.unwrap_or_default()[0].id;
        finds(&fixture, &Filter::state(state).newest_first(), &[one], "also of one state").await;
    }
}

/// The pages together are the whole list, in either order.
pub async fn pages_continue_in_both_orders(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let jobs = fixture.jobs(23);
    let _stored = fixture.enqueue(&jobs).await;
    for state in [None, Some(State::Ready)] {
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let mut filter = Filter { state, order, limit: 5, ..Filter::default() };
            let mut read = Vec::new();
            loop {
                let page = inspect.page(&filter).await.expect("the store gives pages");
                assert!(page.jobs.len() <= 5, "a page has at most its limit");
                read.extend(page.jobs.iter().map(|record| record.id));
                let Some(next) = page.next else { break };
                filter = filter.going_on(next);
            }
            let ids = ids_of(&jobs);
            let expected = if order == Order::OldestFirst { ids } else { reversed(&ids) };
            assert_eq!(read, expected, "pages of {state:?} in {order:?}");
        }
    }
}

/// A page may have a beginning and an end; neither is in it.
pub async fn a_page_lies_between_two_ids(fixture: Fixture) {
    let jobs = ids_of(&{
        let jobs = fixture.jobs(6);
        let _stored = fixture.enqueue(&jobs).await;
        jobs
    });
    for state in [None, Some(State::Ready)] {
        let filter = Filter { state, after: Some(jobs[0].into()), before: Some(jobs[4].into()), ..Filter::default() };
        finds(&fixture, &filter, &jobs[1..4], "after the one and before the other").await;
        finds(&fixture, &filter.clone().newest_first(), &reversed(&jobs[1..4]), "in the other order too").await;
        let few = Filter { limit: 2, ..filter.newest_first() };
        finds(&fixture, &few, &[jobs[3], jobs[2]], "the order decides which are on the page").await;
        let none = Filter { state, after: Some(jobs[4].into()), before: Some(jobs[1].into()), ..Filter::default() };
        finds(&fixture, &none, &[], "nothing lies between them the other way round").await;
    }
}

/// The greatest numbers are no limit and no error, in any state and order.
pub async fn the_greatest_page_and_window_are_no_limit(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let states = JobsInAllStates::new(&fixture).await;
    for (state, id) in states.all() {
        for (limit, window) in [(usize::MAX, 0), (1, usize::MAX), (usize::MAX, usize::MAX)] {
            for order in [Order::OldestFirst, Order::NewestFirst] {
                let text = Some(id.to_string());
                let filter = Filter { state: Some(state), text, order, limit, window, ..Filter::default() };
                finds(&fixture, &filter, &[id], "however great the numbers are").await;
            }
        }
    }
    let all = Filter { limit: usize::MAX, window: usize::MAX, ..Filter::default() };
    assert_eq!(inspect.page(&all).await.expect("the store gives pages").next, None, "there is nothing more");
}

/// A period has its first moment and not its last.
pub async fn a_period_includes_its_start_and_excludes_its_end(fixture: Fixture) {
    let from = fixture.now();
    let first = fixture.put_one().await;
    fixture.advance(secs(10));
    let until = fixture.now();
    let second = fixture.put_one().await;
    let filter = |enqueued| Filter { enqueued, ..Filter::default() };
    finds(&fixture, &filter(Period { from: Some(from), until: Some(until) }), &[first], "the second came too late")
        .await;
    finds(&fixture, &filter(Period::since(until)), &[second], "the second came just then").await;
    finds(&fixture, &filter(Period::since(from)), &[first, second], "both came since").await;
    finds(&fixture, &filter(Period::until(from)), &[], "nothing came before").await;
    let later = until + just_under(secs(1));
    finds(&fixture, &filter(Period::until(later)), &[first, second], "both came before").await;
}

/// Jobs are found by when they are due.
pub async fn jobs_are_found_by_when_they_are_due(fixture: Fixture) {
    let now = fixture.now();
    fixture.put_one().await;
    let soon = fixture.put_later(secs(60)).await;
    fixture.put_later(secs(600)).await;
    let due = Period { from: Some(now + secs(60)), until: Some(now + secs(600)) };
    finds(&fixture, &Filter { due, ..Filter::default() }, &[soon], "the one due in a minute").await;
    finds(&fixture, &Filter { due, ..Filter::state(State::Scheduled) }, &[soon], "also of its state").await;
    finds(&fixture, &Filter { due, ..Filter::state(State::Ready) }, &[], "and of no other").await;
}

/// Jobs are found by when they were done, and those that are not done are not.
pub async fn jobs_are_found_by_when_they_were_done(fixture: Fixture) {
    let mut done = Vec::new();
    for decision in [KEEP, Decision::Discard { error: None }] {
        let execution = fixture.claimed().await;
        fixture.advance(secs(10));
        done.push((execution.id(), fixture.now()));
        fixture.applied(execution, decision).await;
    }
    fixture.put_one().await;
    for (id, at) in done {
        let done = Period { from: Some(at), until: Some(at + secs(1)) };
        finds(&fixture, &Filter { done, ..Filter::default() }, &[id], "what was done then").await;
    }
}

/// Jobs are found by the process that holds them.
pub async fn jobs_are_found_by_the_process_that_claimed_them(fixture: Fixture) {
    let jobs = fixture.jobs(5);
    let _stored = fixture.enqueue(&jobs).await;
    fixture.claim_as(ONE, 2).await;
    fixture.claim_as(TWO, 1).await;
    let ids = ids_of(&jobs);
    let held = |process| Filter { claimed_by: Some(process), ..Filter::default() };
    finds(&fixture, &held(ONE), &ids[..2], "what the one holds").await;
    finds(&fixture, &held(TWO), &ids[2..3], "what the other holds").await;
    finds(&fixture, &Filter { claimed_by: Some(ONE), ..Filter::state(State::Ready) }, &[], "no one holds a ready job")
        .await;
}

/// Jobs are found by class or message of the last error, not by an earlier one.
pub async fn jobs_are_found_by_their_last_error(fixture: Fixture) {
    let with = |words: &str| Decision::Fail { meta: None, error: failure(words) };
    let mut failed = Vec::new();
    for words in ["the card was \"declined\"", "the gateway is away", "100% of it"] {
        let execution = fixture.claimed().await;
        failed.push(execution.id());
        fixture.applied(execution, with(words)).await;
    }
    let twice = fixture.claimed().await;
    let id = twice.id();
    fixture.applied(twice, retry_in(secs(0))).await;
    fixture.dispatch(10).await;
    let again = fixture.claim_one().await;
    fixture.applied(again, with("the gateway is away again")).await;
    let fault = |text: &str| Filter { error: Some(text.to_owned()), ..Filter::default() };
    finds(&fixture, &fault("gateway is away"), &[failed[1], id], "by the message of the last one").await;
    finds(&fixture, &fault("no luck"), &[], "an earlier error does not count").await;
    finds(&fixture, &fault("was \"declined\""), &failed[..1], "special characters are literal").await;
    finds(&fixture, &fault("100%"), &failed[2..], "no sign stands for others").await;
    finds(&fixture, &fault("PaymentError"), &[&failed[..], &[id]].concat(), "by the class").await;
    finds(
        &fixture,
        &Filter { error: Some("away".into()), ..Filter::state(State::Failed) },
        &[failed[1], id],
        "by state",
    )
    .await;
    finds(&fixture, &fault("GateWAY is"), &[failed[1], id], "without regard to case").await;
}

/// Jobs are found by a part of their arguments.
pub async fn jobs_are_found_by_text_in_their_arguments(fixture: Fixture) {
    let put =
        async |arguments: &str| fixture.put(fixture.job_with(|job| arguments.clone_into(&mut job.arguments))).await;
    let first = put(r#"{"order":41}"#).await;
    let wanted = put(r#"{"order":42,"to":"Zoë"}"#).await;
    let filter = |text: &str| Filter { text: Some(text.to_owned()), ..Filter::default() };
    finds(&fixture, &filter(r#""order":42"#), &[wanted], "as they are stored").await;
    finds(&fixture, &filter("Zoë"), &[wanted], "words of any alphabet").await;
    for text in ["ZOË", "zoë", "Order", "TO\":\"zOë\"}"] {
        let wanted: &[JobId] = if text == "Order" { &[first, wanted] } else { &[wanted] };
        finds(&fixture, &filter(text), wanted, "without regard to case").await;
    }
}

/// No sign of a text that is sought stands for others, and none ends it.
pub async fn a_searched_text_is_literal(fixture: Fixture) {
    let put =
        async |arguments: &str| fixture.put(fixture.job_with(|job| arguments.clone_into(&mut job.arguments))).await;
    put(r#"{"a":"plain"}"#).await;
    for odd in ["%", "_", "*", "'; --", "\\", "\u{1}0", "\0", "\u{10ffff}"] {
        let wanted = put(&format!("{{\"a\":\"<{odd}>\"}}")).await;
        let filter = Filter { text: Some(format!("<{odd}>")), ..Filter::default() };
        finds(&fixture, &filter, &[wanted], "only what has this very text").await;
    }
}

/// Jobs are found by a part of their id.
pub async fn jobs_are_found_by_a_part_of_their_id(fixture: Fixture) {
    fixture.put_one().await;
    let wanted = fixture.put_one().await;
    let whole = wanted.to_string();
    for part in [whole.as_str(), &whole[20..], &whole[9..]] {
        let filter = Filter { text: Some(part.to_owned()), ..Filter::default() };
        finds(&fixture, &filter, &[wanted], "a part that no other has").await;
    }
}

/// A page reads at most its window, and returns where to continue.
pub async fn an_empty_page_shows_where_to_continue(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    for execution in {
        let _stored = fixture.enqueue(&fixture.jobs(30)).await;
        fixture.claim(30).await
    } {
        fixture.applied(execution, fail()).await;
    }
    let wanted = fixture.put(fixture.job_with(|job| "rare".clone_into(&mut job.name))).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, fail()).await;
    for state in [None, Some(State::Failed)] {
        let mut filter = Filter { state, name: Some("rare".into()), limit: 2, window: 10, ..Filter::default() };
        let (mut pages, mut found) = (0, Vec::new());
        loop {
            pages += 1;
            let page = inspect.page(&filter).await.expect("the store gives pages");
            found.extend(page.jobs.iter().map(|record| record.id));
            let Some(next) = page.next else { break };
            filter = filter.going_on(next);
        }
        assert_eq!(found, [wanted], "it is found at last");
        assert!(
            (2..=5).contains(&pages),
            "ten jobs are looked at for a page, and there were {pages} pages of {state:?}"
        );
    }
}

/// A list is filled up to its limit, however many jobs it must read.
pub async fn a_list_continues_until_it_has_enough(fixture: Fixture) {
    let jobs: Vec<_> = (0..60)
        .map(|n| fixture.job_with(|job| if n % 20 == 0 { "rare" } else { "plenty" }.clone_into(&mut job.name)))
        .collect();
    let _stored = fixture.enqueue(&jobs).await;
    let rare: Vec<JobId> = jobs.iter().step_by(20).map(|job| job.id).collect();
    let filter = Filter { name: Some("rare".into()), limit: 2, window: 5, ..Filter::default() };
    finds(&fixture, &filter, &rare[..2], "the first two").await;
    finds(&fixture, &Filter { limit: 9, ..filter.newest_first() }, &reversed(&rare), "all of them").await;
}

/// A job that failed twice, the second time with a long message.
async fn failed_twice(fixture: &Fixture) -> JobId {
    let meta = Some(r#"{"tags":["a"]}"#.to_owned());
    let id = fixture.put(fixture.job_with(|job| job.meta.clone_from(&meta))).await;
    let first = fixture.claim_one().await;
    let mut retry = retry_in(std::time::Duration::ZERO);
    if let Decision::Retry { meta: replaced, .. } = &mut retry {
        replaced.clone_from(&meta);
    }
    fixture.applied(first, retry).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    let second = fixture.claim_one().await;
    let error = ErrorRecord::new("shop::Refused", "é".repeat(2 * LISTED_MESSAGE_BYTES));
    fixture.applied(second, Decision::Fail { meta, error }).await;
    id
}

/// A summary has neither arguments nor meta, and only the start of the last error.
pub async fn a_summary_has_no_arguments_and_only_the_last_error(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let id = failed_twice(&fixture).await;
    let whole = fixture.find(id).await.expect("the job is there");
    for content in [Content::Whole, Content::Summary, Content::SummaryWithArguments] {
        for state in [None, Some(State::Failed)] {
            let filter = Filter { content, state, ..Filter::default() };
            let page = inspect.page(&filter).await.expect("the store gives pages");
            let mut expected: JobRecord = whole.clone();
            content.reduce(&mut expected);
            assert_eq!(page.jobs, [expected], "{content:?}");
        }
    }
}

/// The conditions of a filter are about whole jobs, also if a page has summaries.
pub async fn summaries_are_found_by_what_they_do_not_contain(fixture: Fixture) {
    let with_text = |text: &str| fixture.job_with(|job| job.arguments = format!(r#"{{"text":"{text}"}}"#));
    let (sought, other) = (with_text("sought"), with_text("other"));
    let _stored = fixture.enqueue(&[sought.clone(), other]).await;
    let text = |text: &str| Filter { text: Some(text.to_owned()), ..Filter::default() }.summaries();
    finds(&fixture, &text("sought"), &[sought.id], "by a text in its arguments").await;
    finds(&fixture, &text(&sought.id.to_string()), &[sought.id], "by its id").await;
    finds(&fixture, &text("sought--"), &[], "not by a text that is not there").await;
}

/// Failed jobs are grouped by job, class and message without its variable parts; the key of a group selects exactly its jobs.
pub async fn failed_jobs_are_grouped_and_a_group_is_found(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let mut failed = Vec::new();
    for message in ["order 1 is lost", "no route", "order 22 is lost"] {
        let execution = fixture.claimed().await;
        failed.push(execution.id());
        fixture.applied(execution, Decision::Fail { meta: None, error: failure(message) }).await;
    }
    let found = inspect.failures(None, 100).await.expect("the store gives pages");
    let groups: Vec<_> = found.groups.iter().map(|group| (group.pattern.as_str(), group.count)).collect();
    assert_eq!(groups, [("order # is lost", 2), ("no route", 1)]);
    assert_eq!((found.read, found.next), (3, None));

    let these = Filter { failure: Some(found.groups[0].key), ..Filter::state(State::Failed) };
    finds(&fixture, &these, &[failed[0], failed[2]], "its jobs").await;
    finds(&fixture, &Filter { limit: 1, ..these.clone() }, &failed[..1], "at most the limit").await;
    finds(&fixture, &Filter { name: Some("other".into()), ..these }, &[], "with another condition").await;

    let first = inspect.failures(None, 2).await.expect("the store gives pages");
    assert_eq!((first.read, first.next.is_some()), (2, true), "no more than two are read");
    let rest = inspect.failures(first.next, 2).await.expect("the store gives pages");
    assert_eq!((rest.read, rest.next), (1, None), "and the rest from there on");
}
