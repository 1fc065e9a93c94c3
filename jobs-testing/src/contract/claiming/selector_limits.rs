//! How many jobs a claim takes of each of its selectors, and which selector a queue belongs to.

use std::cmp::Reverse;

use jobs_core::{Claim, Entropy, Execution, JobId, NewJob, QueueClaim, QueueSelector};

use crate::SeededEntropy;
use crate::contract::fixture::{FINISH, ONE, ids, ids_of};
use crate::contract::{Fixture, Requirement};

const SEEDS: [u64; 4] = [1, 2, 3, 4];

fn limited(queues: &[(&str, usize)], limit: usize) -> Claim {
    let queue = |(words, limit): &(&str, usize)| QueueClaim::new(words.parse().expect("the selector is one"), *limit);
    Claim::limited(ONE, queues.iter().map(queue).collect(), limit)
}

async fn claim(fixture: &Fixture, queues: &[(&str, usize)], limit: usize) -> Vec<JobId> {
    ids(&fixture.claim_by(&limited(queues, limit)).await)
}

async fn fill(fixture: &Fixture, queue: &str, count: usize) -> Vec<JobId> {
    let mut jobs = fixture.jobs(count);
    for job in &mut jobs {
        queue.clone_into(&mut job.queue);
    }
    let _stored = fixture.enqueue(&jobs).await;
    ids_of(&jobs)
}

/// Each selector gives at most its own limit.
pub async fn each_selector_gives_at_most_its_own_limit(fixture: Fixture) {
    let [heavy, light] = [fill(&fixture, "heavy", 20).await, fill(&fixture, "light", 20).await];
    let claimed = claim(&fixture, &[("heavy", 9), ("light", 1)], 100).await;
    assert_eq!(claimed, [&heavy[..9], &light[..1]].concat(), "each up to its limit, the first before the second");
}

/// The limit of a claim is for all its selectors.
pub async fn the_limit_of_a_claim_is_for_all_its_selectors(fixture: Fixture) {
    let [heavy, light] = [fill(&fixture, "heavy", 20).await, fill(&fixture, "light", 20).await];
    let claimed = claim(&fixture, &[("heavy", 9), ("light", 9)], 12).await;
    assert_eq!(claimed, [&heavy[..9], &light[..3]].concat(), "no more than the limit of the claim");
    let claimed = claim(&fixture, &[("heavy", usize::MAX), ("light", usize::MAX)], 12).await;
    assert_eq!(claimed, [&heavy[9..], &light[3..4]].concat(), "the greatest limit of a selector is none");
}

/// What one selector does not use, the next may have.
pub async fn what_one_selector_does_not_use_the_next_may_have(fixture: Fixture) {
    let [first, second] = [fill(&fixture, "first", 2).await, fill(&fixture, "second", 20).await];
    let claimed = claim(&fixture, &[("none", 5), ("first", 5), ("second", 10)], 10).await;
    assert_eq!(claimed, [&first[..], &second[..8]].concat(), "the claim is filled as far as the limits allow");
}

/// A limit of zero takes nothing from a selector.
pub async fn a_limit_of_zero_takes_nothing_from_a_selector(fixture: Fixture) {
    let [closed, open] = [fill(&fixture, "closed", 3).await, fill(&fixture, "open", 3).await];
    let asked = [("closed", 0), ("open", 10), ("closed", 10)];
    assert_eq!(claim(&fixture, &asked, 10).await, open, "also if it comes again");
    assert_eq!(claim(&fixture, &[("closed", 10)], 10).await, closed, "its jobs are still there");
}

/// A queue belongs to the first selector that selects it, also if the limit of that is used up.
pub async fn a_queue_belongs_to_the_first_selector_that_selects_it(fixture: Fixture) {
    let [reports, mail] = [fill(&fixture, "reports", 5).await, fill(&fixture, "mail", 5).await];
    let claimed = claim(&fixture, &[("reports", 2), ("rep*", 10), ("*", 10)], 10).await;
    assert_eq!(claimed, [&reports[..2], &mail].concat(), "later selectors give no jobs of the queue");
    let claimed = claim(&fixture, &[("reports", 0), ("rep*", 10), ("*", 10)], 10).await;
    assert!(claimed.is_empty(), "not if the limit is zero either");
    let claimed = claim(&fixture, &[("rep*", 2), ("reports", 10), ("*", 10)], 10).await;
    assert_eq!(claimed, reports[2..4], "the same with a prefix before the name");
}

/// The limit of a selector is for all its queues together.
pub async fn a_limit_is_for_all_queues_of_a_selector_together(fixture: Fixture) {
    let [a, b] = [fill(&fixture, "mail_a", 3).await, fill(&fixture, "mail_b", 3).await];
    let other = fill(&fixture, "other", 9).await;
    let claimed = claim(&fixture, &[("mail_*", 4), ("*", 2)], 10).await;
    let (claimed, rest) = claimed.split_at(4);
    assert!(claimed.iter().all(|id| a.contains(id) || b.contains(id)), "four of both queues of the prefix");
    assert_eq!(rest, &other[..2], "and two of all others");
}

/// A limit holds in the call that settles too.
pub async fn a_limit_holds_in_the_call_that_settles_too(fixture: Fixture) {
    let [heavy, light] = [fill(&fixture, "heavy", 6).await, fill(&fixture, "light", 6).await];
    let asked = limited(&[("heavy", 2), ("light", 1), ("*", 1)], 10);
    let finish = |claimed: Vec<Execution>| claimed.into_iter().map(|one| one.settle(FINISH)).collect::<Vec<_>>();
    let mut held = Vec::new();
    for round in 0..3 {
        let settlements = finish(held);
        let (settled, claimed) =
            fixture.store().settle_and_claim(&settlements, &asked).await.expect("the store settles and claims");
        assert_eq!(settled.len(), settlements.len(), "each settlement is answered");
        let expected = [&heavy[2 * round..2 * round + 2], &light[round..=round]].concat();
        assert_eq!(ids(&claimed), expected, "the same limits in each call");
        held = claimed;
    }
}

/// The next claim goes on where a limit ended the last.
pub async fn the_next_claim_continues_where_a_limit_ended(fixture: Fixture) {
    let [heavy, light] = [fill(&fixture, "heavy", 6).await, fill(&fixture, "light", 3).await];
    let mut claimed = Vec::new();
    for _ in 0..4 {
        claimed.extend(claim(&fixture, &[("heavy", 2), ("light", 1)], 10).await);
    }
    let expected: Vec<_> = (0..3).flat_map(|round| [heavy[2 * round], heavy[2 * round + 1], light[round]]).collect();
    assert_eq!(claimed, expected, "no job is left out and none comes twice");
}

/// Jobs of paused queues do not use up the limit of their selector.
pub async fn paused_queues_do_not_use_a_limit_up(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let [paused, open] = [fill(&fixture, "mail_a", 5).await, fill(&fixture, "mail_b", 5).await];
    manage.pause("mail_a").await.expect("the store pauses");
    assert_eq!(claim(&fixture, &[("mail_*", 3), ("*", 3)], 10).await, open[..3], "three of the queue that is open");
    manage.resume("mail_a").await.expect("the store resumes");
    let resumed = claim(&fixture, &[("mail_*", 3), ("*", 3)], 10).await;
    assert_eq!(resumed.len(), 3, "three of both queues");
    if fixture.meets(Requirement::Order) {
        assert_eq!(resumed, paused[..3], "the older ones first");
    }
}

/// Jobs of one selector come by age, however many of them are in one queue and however the limits cut them.
pub async fn no_queue_of_a_selector_is_passed_over_for_another(fixture: Fixture) {
    for selector in ["tenant_*", "*"] {
        let mut expected = fill(&fixture, "tenant_a", 25).await;
        for queue in ["tenant_b", "tenant_a", "tenant_c", "tenant_a"] {
            let count = if queue == "tenant_a" { 20 } else { 1 };
            expected.extend(fill(&fixture, queue, count).await);
        }
        let mut claimed = Vec::new();
        while claimed.len() < expected.len() {
            let next = claim(&fixture, &[("urgent", 3), (selector, 4)], 7).await;
            assert!(!next.is_empty(), "the jobs of `{selector}` are given");
            claimed.extend(next);
        }
        assert_eq!(claimed, expected, "a queue of few jobs waits for older ones only (`{selector}`)");
    }
}

/// Limits, order and which selector a queue belongs to hold together, for many claims drawn from a seed.
pub async fn limits_hold_together_with_the_order_of_any_selectors(fixture: Fixture) {
    for seed in SEEDS {
        let entropy = SeededEntropy::new(seed);
        let pick = |bound: u64| usize::try_from(entropy.next_u64() % 1_000 % bound).expect("it is small");
        let mut waiting = fixture.jobs(150);
        for job in &mut waiting {
            ["a", "a1", "a12", "a2", "b", "b1", "c"][pick(7)].clone_into(&mut job.queue);
            job.priority = i32::try_from(pick(3)).expect("it is small");
        }
        let _stored = fixture.enqueue(&waiting).await;
        waiting.sort_by_key(|job| Reverse(job.priority));
        for _ in 0..40 {
            let queues: Vec<_> = (0..=pick(4))
                .map(|_| (["a", "a1", "a1*", "a*", "b*", "c", "*", "none"][pick(8)], [0, 1, 2, 5, usize::MAX][pick(5)]))
                .collect();
            let asked = limited(&queues, pick(9));
            let expected = taken(&mut waiting, &asked);
            assert_eq!(ids(&fixture.claim_by(&asked).await), expected, "what the rule gives ({queues:?}, seed {seed})");
        }
        let rest = ids(&fixture.claim(1000).await);
        assert_eq!(rest, ids_of(&waiting), "nothing is lost (seed {seed})");
    }
}

/// The rule: each selector in its order takes up to its limit of the jobs whose queue no earlier one selects.
fn taken(waiting: &mut Vec<NewJob>, claim: &Claim) -> Vec<JobId> {
    let mut taken = Vec::new();
    let mut earlier: Vec<&QueueSelector> = Vec::new();
    for QueueClaim { selector, limit, .. } in &claim.queues {
        let room = (*limit).min(claim.limit - taken.len());
        let belongs =
            |job: &NewJob| selector.selects(&job.queue) && !earlier.iter().any(|other| other.selects(&job.queue));
        let next: Vec<_> = waiting.iter().filter(|job| belongs(job)).take(room).map(|job| job.id).collect();
        waiting.retain(|job| !next.contains(&job.id));
        taken.extend(next);
        earlier.push(selector);
    }
    taken
}
