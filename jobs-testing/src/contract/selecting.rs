//! Queues and the selectors of workers.

use jobs_core::{Claim, Decision, QueueSelector};

use crate::contract::Stage;
use crate::contract::stage::{ONE, ids, retry_in};

/// An exact selector gives its queue's jobs and no others. Cancel safe.
pub async fn an_exact_selector_gives_only_its_queue(stage: Stage) {
    stage.put_into("mailer").await;
    let mail = stage.put_into("mail").await;
    stage.put_into("mai").await;
    let claimed = stage.claim_from(&["mail"], 10).await;
    assert_eq!(ids(&claimed), [mail], "only the queue of exactly this name");
    assert_eq!(claimed[0].queue, "mail", "the execution tells its queue");
}

/// A prefix selector gives all queues that begin so. Cancel safe.
pub async fn a_prefix_selector_gives_all_queues_that_begin_so(stage: Stage) {
    let long = stage.put_into("mail_slow").await;
    stage.put_into("email").await;
    let bare = stage.put_into("mail").await;
    stage.put_into("maim").await;
    assert_eq!(ids(&stage.claim_from(&["mail*"], 10).await), [long, bare], "queues that begin so, by age");
}

/// A prefix selector goes by priority across its queues. Cancel safe.
pub async fn a_prefix_selector_goes_by_priority_across_its_queues(stage: Stage) {
    let plain = stage.put_into("mail_a").await;
    let urgent = stage.put(stage.job_with(|job| (job.queue, job.priority) = ("mail_b".to_owned(), 1))).await;
    assert_eq!(ids(&stage.claim_from(&["mail_*"], 10).await), [urgent, plain], "priority counts across queues");
}

/// Selectors are served in their order, whatever the priority. Cancel safe.
pub async fn selectors_are_served_in_their_order(stage: Stage) {
    let urgent = stage.put(stage.job_with(|job| (job.queue, job.priority) = ("low".to_owned(), 99))).await;
    let plain = stage.put_into("high").await;
    assert_eq!(ids(&stage.claim_from(&["high", "low"], 10).await), [plain, urgent], "the order of the selectors");
}

/// What the first selector leaves free goes to the next. Cancel safe.
pub async fn the_limit_is_filled_over_all_selectors(stage: Stage) {
    let [one, two] = [stage.put_into("high").await, stage.put_into("high").await];
    let three = stage.put_into("low").await;
    stage.put_into("low").await;
    assert_eq!(ids(&stage.claim_from(&["high", "low"], 3).await), [one, two, three], "the limit is for all together");
}

/// Selectors that mean the same queue give no job twice. Cancel safe.
pub async fn overlapping_selectors_give_no_job_twice(stage: Stage) {
    let mail = stage.put_into("mail").await;
    let other = stage.put_into("other").await;
    let claimed = stage.claim_from(&["mail", "mail*", "mail", "*"], 10).await;
    assert_eq!(ids(&claimed), [mail, other], "each job once, at the first selector that means it");
}

/// A queue that nobody has is empty. Cancel safe.
pub async fn a_queue_that_does_not_exist_gives_nothing(stage: Stage) {
    stage.put_into("mail").await;
    assert!(stage.claim_from(&["nowhere", "nothing*"], 10).await.is_empty(), "nothing is there");
}

/// Characters that mean something to databases mean only themselves. Cancel safe.
pub async fn signs_in_queue_names_mean_only_themselves(stage: Stage) {
    for (queue, other) in
        [("a_b", "axb"), ("a%b", "axxb"), ("a'b", "ab"), ("a?b", "axb"), ("a[x]b", "axb"), ("a\\b", "ab")]
    {
        let meant = stage.put_into(queue).await;
        let beside = stage.put_into(other).await;
        assert_eq!(ids(&stage.claim_from(&[queue], 10).await), [meant], "`{queue}` is only itself");
        assert_eq!(ids(&stage.claim_from(&["*"], 10).await), [beside], "`{other}` is another queue");
    }
}

/// The same within a prefix. Cancel safe.
pub async fn signs_in_prefixes_mean_only_themselves(stage: Stage) {
    for (prefix, inside, outside) in
        [("a_*", "a_1", "ab1"), ("a%*", "a%1", "ab1"), ("a[b]*", "a[b]1", "ab1"), ("a?*", "a?1", "ab1")]
    {
        let meant = stage.put_into(inside).await;
        let beside = stage.put_into(outside).await;
        assert_eq!(ids(&stage.claim_from(&[prefix], 10).await), [meant], "`{prefix}` means what begins so");
        assert_eq!(ids(&stage.claim_from(&["*"], 10).await), [beside], "`{outside}` does not begin so");
    }
}

/// Upper and lower case are different. Cancel safe.
pub async fn queue_names_tell_upper_from_lower_case(stage: Stage) {
    let lower = stage.put_into("mail").await;
    let upper = stage.put_into("Mail").await;
    assert_eq!(ids(&stage.claim_from(&["mail"], 10).await), [lower], "exact selectors tell case");
    let lower = stage.put_into("mail").await;
    assert_eq!(ids(&stage.claim_from(&["Ma*"], 10).await), [upper], "prefixes tell case");
    assert_eq!(ids(&stage.claim_from(&["ma*"], 10).await), [lower], "prefixes tell case");
}

/// Queue names of any script work. Cancel safe.
pub async fn queue_names_of_any_script_are_selected(stage: Stage) {
    let [snow, bird] = [stage.put_into("雪❄").await, stage.put_into("雪🐦").await];
    stage.put_into("雨").await;
    let last = stage.put_into("mail\u{10ffff}").await;
    assert_eq!(ids(&stage.claim_from(&["雪*"], 10).await), [snow, bird], "a prefix of one character of three bytes");
    assert_eq!(ids(&stage.claim_from(&["mail*"], 10).await), [last], "also the last of all characters");
}

/// The longest name is a name. Cancel safe.
pub async fn the_longest_queue_name_is_kept(stage: Stage) {
    let name = "q".repeat(jobs_core::queue::QUEUE_NAME_MAX);
    let id = stage.put_into(&name).await;
    assert_eq!(ids(&stage.claim_from(&[&name], 10).await), [id], "a name of 255 bytes is not cut");
}

/// A retry may go to another queue. Cancel safe.
pub async fn a_retry_in_another_queue_is_claimed_there(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    let mut decision = retry_in(std::time::Duration::ZERO);
    if let Decision::Retry { queue, .. } = &mut decision {
        *queue = Some("second_try".to_owned());
    }
    stage.applied(execution, decision).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "the retry is due");
    assert!(stage.claim_from(&["default"], 10).await.is_empty(), "it left its queue");
    assert_eq!(ids(&stage.claim_from(&["second_try"], 10).await), [id], "and is in the new one");
}

/// An empty prefix means all queues, as `*` does. Cancel safe.
pub async fn an_empty_prefix_means_all_queues(stage: Stage) {
    let [one, two] = [stage.put_into("b").await, stage.put_into("a").await];
    let claim = Claim::new(ONE, vec![QueueSelector::Prefix(String::new())], 10);
    assert_eq!(ids(&stage.claim_by(&claim).await), [one, two], "all begin with nothing");
}
