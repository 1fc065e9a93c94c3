//! The planner against a store that obeys limits, with many sizes of claims.

use std::collections::BTreeMap;

use jobs_core::{ClaimToken, Decision, JobId, QueueSelector};

use super::*;
use crate::worker::config::Worker;

/// A store that holds so many jobs in each queue, and a worker whose jobs end at once.
struct Scene {
    planner: ClaimPlanner,
    waiting: BTreeMap<&'static str, usize>,
    given: u64,
    started: Vec<String>,
    running: Vec<Execution>,
    statements: usize,
}

#[derive(Debug)]
struct Seed(u64);

impl Entropy for Seed {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

impl Scene {
    fn new(worker: &Worker, seed: u64, waiting: &[(&'static str, usize)]) -> Self {
        let selection = worker.selection(&crate::QueueNaming::new()).unwrap();
        let planner = ClaimPlanner::new(ProcessId::new(1), selection, &Seed(seed));
        let waiting = waiting.iter().copied().collect();
        Self { planner, waiting, given: 0, started: Vec::new(), running: Vec::new(), statements: 0 }
    }

    /// One claim. Returns whether another should follow at once.
    fn claim(&mut self, limit: usize) -> bool {
        let claim = self.planner.plan(limit);
        self.statements += 1;
        let claimed = self.give(&claim);
        assert!(claimed.len() <= claim.limit, "{claim:?}");
        let (arranged, may_have_more) = self.planner.receive(&claim, claimed);
        self.started.extend(arranged.iter().map(|execution| execution.queue.clone()));
        self.running.extend(arranged);
        may_have_more
    }

    /// Claims until `limit` jobs are there or nothing is left.
    fn fill(&mut self, limit: usize) {
        let before = self.running.len();
        while self.claim(limit - (self.running.len() - before)) {}
    }

    fn end(&mut self, count: usize) {
        let ended: Vec<_> = self.running.drain(..count).map(|one| one.settle(Decision::Release)).collect();
        self.planner.ended(&ended);
    }

    /// What a store gives by the rule.
    fn give(&mut self, claim: &Claim) -> Vec<Execution> {
        let (mut given, mut earlier): (Vec<Execution>, Vec<&QueueSelector>) = (Vec::new(), Vec::new());
        for queue in &claim.queues {
            let most = given.len().saturating_add(queue.limit).min(claim.limit);
            for (name, waiting) in &mut self.waiting {
                let belongs = queue.selector.selects(name) && !earlier.iter().any(|other| other.selects(name));
                while belongs && *waiting > 0 && given.len() < most {
                    (*waiting, self.given) = (*waiting - 1, self.given + 1);
                    let id = JobId::from_bytes(u128::from(self.given).to_be_bytes());
                    let token = ClaimToken::new(id, ProcessId::new(1), 1);
                    let mut execution = Execution::new(token, "work".to_owned(), "{}".to_owned());
                    (*name).clone_into(&mut execution.queue);
                    given.push(execution);
                }
            }
            earlier.push(&queue.selector);
        }
        given
    }

    fn held(&self, queue: &str) -> usize {
        self.running.iter().filter(|execution| execution.queue == queue).count()
    }

    /// Of any 200 jobs that started in a row, the part of a queue in percent: the least and the most.
    fn parts(&self, queue: &str) -> (usize, usize) {
        let (mut count, mut counts) = (0, vec![0]);
        for one in &self.started {
            count += usize::from(one == queue);
            counts.push(count);
        }
        let parts = counts.windows(201).map(|row| (row[200] - row[0]) / 2);
        parts.fold((100, 0), |(least, most), part| (least.min(part), most.max(part)))
    }
}

/// Limits of claims: with slow jobs one slot after the other, with quick ones hundreds ahead.
fn limits(seed: u64) -> impl Iterator<Item = usize> {
    let entropy = jobs_core::entropy::mix;
    let kind = seed % 4;
    (0_u64..).map(move |round| {
        let random = usize::try_from(entropy((seed << 32) | round) % 1000).unwrap();
        match kind {
            0 => 1,
            1 => 1 + random % 10,
            2 => 10 + random % 500,
            _ => 1 + random * 2,
        }
    })
}

#[test]
fn any_200_jobs_in_a_row_are_shared_by_weight_however_claims_cut_them() {
    for weights in [vec![9, 1], vec![6, 3, 1], vec![1, 1], vec![5, 4, 3, 2, 1]] {
        for seed in 0..8 {
            let names = ["a", "b", "c", "d", "e"];
            let queues: Vec<_> = names.into_iter().zip(weights.iter().copied()).collect();
            let waiting: Vec<_> = names.into_iter().map(|name| (name, 100_000)).collect();
            let mut scene = Scene::new(&Worker::weighted(queues.clone()), seed, &waiting);
            for limit in limits(seed).take(10_000) {
                assert!(!scene.claim(limit), "one statement is enough");
                if scene.started.len() > 3000 {
                    break;
                }
            }
            let total: u32 = weights.iter().sum();
            for (name, weight) in queues {
                let (least, most) = scene.parts(name);
                let part = usize::try_from(100 * weight / total).unwrap();
                assert!(least + 3 >= part && most <= part + 3, "{weights:?} {seed}: {least} to {most} % of {name}");
            }
        }
    }
}

#[test]
fn the_share_of_an_empty_queue_costs_no_second_statement() {
    for seed in 0..8 {
        let worker = Worker::weighted([("a", 6), ("b", 3), ("c", 1)]);
        let mut scene = Scene::new(&worker, seed, &[("a", 1_000_000), ("c", 1_000_000)]);
        let mut claims = 0;
        for limit in limits(seed).take(100) {
            scene.fill(limit);
            claims += 1;
        }
        assert!(scene.statements <= claims + 1, "{} statements for {claims} claims (seed {seed})", scene.statements);
        // The first claim finds out that it is empty.
        scene.started.drain(..limits(seed).next().unwrap());
        let (least, most) = scene.parts("c");
        assert!(least >= 11 && most <= 18, "one of seven: {least} to {most} % (seed {seed})");
    }
}

#[test]
fn a_queue_that_was_empty_has_its_share_again_within_200_jobs() {
    for seed in 0..8 {
        let worker = Worker::weighted([("a", 9), ("b", 1)]);
        let mut scene = Scene::new(&worker, seed, &[("a", 1_000_000)]);
        limits(seed).take(50).for_each(|limit| scene.fill(limit));
        scene.waiting.insert("b", 100_000);
        scene.started.clear();
        for limit in limits(seed).take(5000) {
            scene.fill(limit);
            if scene.started.len() > 3000 {
                break;
            }
        }
        let (least, most) = scene.parts("b");
        assert!(least >= 7 && most <= 13, "{least} to {most} % (seed {seed})");
    }
}

#[test]
fn the_closest_selector_of_a_weighted_worker_has_a_queue_and_none_starves() {
    for seed in 0..8 {
        let worker = Worker::weighted([("*", 1), ("mail*", 3), ("mail", 1)]);
        let waiting = [("mail", 100_000), ("mails", 100_000), ("other", 0)];
        let mut scene = Scene::new(&worker, seed, &waiting);
        limits(seed).take(50).for_each(|limit| scene.fill(limit));
        scene.waiting.insert("other", 100_000);
        let before = scene.started.len();
        for limit in limits(seed).take(9000) {
            scene.fill(limit);
            if scene.started.len() > before + 6000 {
                break;
            }
        }
        // The claim that finds the first of them may be a large one.
        scene.started.drain(..(before + 2500).min(scene.started.len() - 2000));
        for (name, part) in [("mail", 20), ("mails", 60), ("other", 20)] {
            let (least, most) = scene.parts(name);
            assert!(least + 3 >= part && most <= part + 3, "{least} to {most} % of {name} (seed {seed})");
        }
    }
}

#[test]
fn a_worker_is_filled_as_long_as_any_of_its_queues_has_jobs() {
    for seed in 0..60 {
        let random = |salt: u64, bound: u64| jobs_core::entropy::mix((seed << 16) | salt) % bound;
        let names = ["a", "b", "mail", "mails", "other"];
        let waiting: Vec<_> =
            names.iter().zip(0..).map(|(name, salt)| (*name, usize::try_from(random(salt, 60)).unwrap())).collect();
        let total: usize = waiting.iter().map(|(_, waiting)| waiting).sum();
        let worker = Worker::new(["a"]).then_weighted([("b", 5), ("mail*", 2), ("mail", 1)]).then(["*"]);
        let mut scene = Scene::new(&worker, seed, &waiting);
        for limit in limits(seed) {
            let (before, left) = (scene.running.len(), total - scene.running.len());
            scene.fill(limit);
            assert_eq!(scene.running.len() - before, limit.min(left), "seed {seed}, {:?}", scene.waiting);
            if left == 0 {
                break;
            }
        }
        assert!(scene.statements < 4 * total.max(8), "{} statements (seed {seed})", scene.statements);
    }
}

#[test]
fn an_idle_worker_asks_all_its_queues_in_one_statement() {
    let worker = Worker::new(["urgent"]).then_weighted([("mail", 5), ("mail*", 2), ("low", 1)]).then(["*"]);
    for limit in [1, 10] {
        let mut scene = Scene::new(&worker, 5, &[]);
        scene.fill(limit);
        let before = scene.statements;
        (0..10).for_each(|_| scene.fill(limit));
        assert_eq!(scene.statements - before, 10, "of {limit} jobs");
    }
}

#[test]
fn groups_are_served_in_strict_order_and_share_by_weight_within() {
    for seed in 0..8 {
        let worker = Worker::new(["urgent"]).then_weighted([("a", 3), ("b", 1)]).then(["*"]);
        let waiting = [("urgent", 500), ("a", 3000), ("b", 1000), ("other", 500)];
        let mut scene = Scene::new(&worker, seed, &waiting);
        for limit in limits(seed) {
            scene.fill(limit);
            if scene.running.len() == 5000 {
                break;
            }
        }
        assert!(scene.started[..500].iter().all(|queue| queue == "urgent"), "seed {seed}");
        assert!(scene.started[4500..].iter().all(|queue| queue == "other"), "seed {seed}");
        scene.started.drain(..500);
        scene.started.truncate(3900);
        let (least, most) = scene.parts("b");
        assert!(least >= 22 && most <= 28, "{least} to {most} % (seed {seed})");
    }
}

#[test]
fn a_worker_holds_no_more_jobs_of_a_queue_than_its_limit() {
    let workers = [
        Worker::new(["mail", "reports"]).at_most("reports", 2),
        Worker::default().at_most("reports", 2),
        Worker::weighted([("mail", 1), ("reports", 5)]).at_most("reports", 2),
        Worker::weighted([("*", 1), ("reports", 5)]).at_most("reports", 2),
        Worker::new(["*", "reports"]).at_most("reports", 2),
        Worker::new(["mail", "rep*"]).at_most("rep*", 2),
    ];
    for (worker, seed) in workers.iter().flat_map(|worker| (0..8).map(move |seed| (worker, seed))) {
        let mut scene = Scene::new(worker, seed, &[("mail", 300), ("reports", 300)]);
        for limit in limits(seed).take(400) {
            scene.fill(limit);
            assert!(scene.held("reports") <= 2, "{worker:?}");
            let mails = scene.waiting["mail"];
            assert!(mails == 0 || scene.running.len() >= limit, "{worker:?} leaves slots free, {mails} mails wait");
            scene.end(scene.running.len() / 2);
        }
        scene.end(scene.running.len());
        scene.waiting = BTreeMap::from([("mail", 0), ("reports", 10)]);
        scene.fill(10);
        assert_eq!(scene.held("reports"), 2, "{worker:?}");
        assert!(!scene.claim(10), "nothing is asked for while the limit is reached");
    }
}

#[test]
fn the_others_keep_their_weights_while_a_queue_is_at_its_limit() {
    for seed in 0..8 {
        let worker = Worker::weighted([("reports", 50), ("a", 7), ("b", 2), ("c", 1)]).at_most("reports", 2);
        let waiting = [("reports", 10), ("a", 100_000), ("b", 100_000), ("c", 100_000)];
        let mut scene = Scene::new(&worker, seed, &waiting);
        for limit in limits(seed).take(9000) {
            scene.fill(limit);
            if scene.started.len() > 3000 {
                break;
            }
        }
        assert_eq!(scene.held("reports"), 2);
        scene.started.retain(|queue| queue != "reports");
        for (name, part) in [("a", 70), ("b", 20), ("c", 10)] {
            let (least, most) = scene.parts(name);
            assert!(least + 3 >= part && most <= part + 3, "{least} to {most} % of {name} (seed {seed})");
        }
    }
}
