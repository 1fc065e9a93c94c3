//! Queues and the selectors of workers.

use jobs_core::{Claim, Decision, QueueSelector};

use crate::contract::Fixture;
use crate::contract::fixture::{ONE, ids, retry_in};

/// An exact selector gives its queue's jobs and no others.
pub async fn an_exact_selector_gives_only_its_queue(fixture: Fixture) {
    fixture.put_into("mailer").await;
    let mail = fixture.put_into("mail").await;
    fixture.put_into("mai").await;
    let claimed = fixture.claim_from(&["mail"], 10).await;
    assert_eq!(ids(&claimed), [mail], "only the queue of exactly this name");
    assert_eq!(claimed[0].queue, "mail", "the execution has its queue");
}

/// A prefix selector gives all queues that begin so.
pub async fn a_prefix_selector_gives_all_queues_with_the_prefix(fixture: Fixture) {
    let long = fixture.put_into("mail_slow").await;
    fixture.put_into("email").await;
    let bare = fixture.put_into("mail").await;
    fixture.put_into("maim").await;
    fixture.gives(&fixture.claim_from(&["mail*"], 10).await, &[long, bare], "queues that begin so, by age");
}

/// A prefix selector goes by priority across its queues.
pub async fn a_prefix_selector_goes_by_priority_across_its_queues(fixture: Fixture) {
    let plain = fixture.put_into("mail_a").await;
    let urgent = fixture.put(fixture.job_with(|job| (job.queue, job.priority) = ("mail_b".to_owned(), 1))).await;
    assert_eq!(ids(&fixture.claim_from(&["mail_*"], 10).await), [urgent, plain], "priority counts across queues");
}

/// Selectors are served in their order, regardless of priorities.
pub async fn selectors_are_served_in_their_order(fixture: Fixture) {
    let urgent = fixture.put(fixture.job_with(|job| (job.queue, job.priority) = ("low".to_owned(), 99))).await;
    let plain = fixture.put_into("high").await;
    assert_eq!(ids(&fixture.claim_from(&["high", "low"], 10).await), [plain, urgent], "the order of the selectors");
}

/// What the first selector leaves free goes to the next.
pub async fn the_limit_is_filled_over_all_selectors(fixture: Fixture) {
    let [one, two] = [fixture.put_into("high").await, fixture.put_into("high").await];
    let three = fixture.put_into("low").await;
    fixture.put_into("low").await;
    assert_eq!(ids(&fixture.claim_from(&["high", "low"], 3).await), [one, two, three], "the limit is for all together");
}

/// Selectors that mean the same queue give no job twice.
pub async fn overlapping_selectors_give_no_job_twice(fixture: Fixture) {
    let mail = fixture.put_into("mail").await;
    let other = fixture.put_into("other").await;
    let claimed = fixture.claim_from(&["mail", "mail*", "mail", "*"], 10).await;
    assert_eq!(ids(&claimed), [mail, other], "each job once, at the first selector that means it");
}

/// A queue that does not exist is empty.
pub async fn a_queue_that_does_not_exist_gives_nothing(fixture: Fixture) {
    fixture.put_into("mail").await;
    assert!(fixture.claim_from(&["nowhere", "nothing*"], 10).await.is_empty(), "nothing is there");
}

/// Characters that mean something to databases mean only themselves.
pub async fn special_characters_in_queue_names_are_literal(fixture: Fixture) {
    for (queue, other) in
        [("a_b", "axb"), ("a%b", "axxb"), ("a'b", "ab"), ("a?b", "axb"), ("a[x]b", "axb"), ("a\\b", "ab")]
    {
        let meant = fixture.put_into(queue).await;
        let beside = fixture.put_into(other).await;
        assert_eq!(ids(&fixture.claim_from(&[queue], 10).await), [meant], "`{queue}` is only itself");
        assert_eq!(ids(&fixture.claim_from(&["*"], 10).await), [beside], "`{other}` is another queue");
    }
}

/// The same within a prefix.
pub async fn special_characters_in_prefixes_are_literal(fixture: Fixture) {
    for (prefix, inside, outside) in
        [("a_*", "a_1", "ab1"), ("a%*", "a%1", "ab1"), ("a[b]*", "a[b]1", "ab1"), ("a?*", "a?1", "ab1")]
    {
        let meant = fixture.put_into(inside).await;
        let beside = fixture.put_into(outside).await;
        assert_eq!(ids(&fixture.claim_from(&[prefix], 10).await), [meant], "`{prefix}` means what begins so");
        assert_eq!(ids(&fixture.claim_from(&["*"], 10).await), [beside], "`{outside}` does not begin so");
    }
}

/// Queue names are case sensitive.
pub async fn queue_names_are_case_sensitive(fixture: Fixture) {
    let lower = fixture.put_into("mail").await;
    let upper = fixture.put_into("Mail").await;
    assert_eq!(ids(&fixture.claim_from(&["mail"], 10).await), [lower], "exact selectors tell case");
    let lower = fixture.put_into("mail").await;
    assert_eq!(ids(&fixture.claim_from(&["Ma*"], 10).await), [upper], "prefixes tell case");
    assert_eq!(ids(&fixture.claim_from(&["ma*"], 10).await), [lower], "prefixes tell case");
}

/// Queue names of any script work.
pub async fn queue_names_of_any_script_are_selected(fixture: Fixture) {
    let [snow, bird] = [fixture.put_into("雪❄").await, fixture.put_into("雪🐦").await];
    fixture.put_into("雨").await;
    let last = fixture.put_into("mail\u{10ffff}").await;
    let claimed = fixture.claim_from(&["雪*"], 10).await;
    fixture.gives(&claimed, &[snow, bird], "a prefix of one character of three bytes");
    assert_eq!(ids(&fixture.claim_from(&["mail*"], 10).await), [last], "also the last of all characters");
}

/// The longest queue name is kept.
pub async fn the_longest_queue_name_is_kept(fixture: Fixture) {
    let name = "q".repeat(jobs_core::queue::QUEUE_NAME_MAX);
    let id = fixture.put_into(&name).await;
    assert_eq!(ids(&fixture.claim_from(&[&name], 10).await), [id], "a name of 255 bytes is not cut");
}

/// A retry may go to another queue.
pub async fn a_retry_in_another_queue_is_claimed_there(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    let mut decision = retry_in(std::time::Duration::ZERO);
    if let Decision::Retry { queue, .. } = &mut decision {
        *queue = Some("second_try".to_owned());
    }
    fixture.applied(execution, decision).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
    assert!(fixture.claim_from(&["default"], 10).await.is_empty(), "it left its queue");
    assert_eq!(ids(&fixture.claim_from(&["second_try"], 10).await), [id], "and is in the new one");
}

/// An empty prefix means all queues, as `*` does.
pub async fn an_empty_prefix_means_all_queues(fixture: Fixture) {
    let [one, two] = [fixture.put_into("b").await, fixture.put_into("a").await];
    let claim = Claim::new(ONE, vec![QueueSelector::Prefix(String::new())], 10);
    fixture.gives(&fixture.claim_by(&claim).await, &[one, two], "all begin with nothing");
}
